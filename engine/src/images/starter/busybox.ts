import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EngineError } from '../../errors/index.ts';
import { isStaticProgram } from './elf.ts';
import type { LayerEntry } from './layer-file.ts';
import { BASE_ENTRIES, type StarterRecipe } from './recipe.ts';

const APPLET = /^[a-z0-9[_.-]+$/;

/** The machine's own busybox as an image, if it needs no libraries. */
export function busyboxRecipe(candidates: readonly string[]): StarterRecipe {
  return {
    name: 'busybox',
    reference: 'busybox:latest',
    description: "A shell and the usual small tools, from this machine's busybox.",
    entrypoint: [],
    command: ['sh'],
    missingHint: 'Install the package busybox-static, or pull busybox from a registry.',
    findProgram: async () => {
      for (const path of candidates) if (await isStaticProgram(path)) return path;
      return null;
    },
    entries: async (program) => [
      ...BASE_ENTRIES,
      { kind: 'file', name: 'bin/busybox', mode: 0o755, source: program },
      ...(await applets(program)).map((applet): LayerEntry => ({
        kind: 'symlink',
        name: `bin/${applet}`,
        target: 'busybox',
      })),
    ],
  };
}

async function applets(program: string): Promise<readonly string[]> {
  try {
    const { stdout } = await promisify(execFile)(program, ['--list'], { timeout: 10_000, env: {} });
    return stdout
      .split('\n')
      .filter((name) => APPLET.test(name) && name !== 'busybox')
      .sort();
  } catch (thrown) {
    throw new EngineError('failed-precondition', `${program} does not list its tools.`, {
      detail: { step: 'busybox', path: program },
      hint: 'Install the package busybox-static, or pull busybox from a registry.',
      cause: thrown,
    });
  }
}
