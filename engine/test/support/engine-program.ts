import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { AGENT, type RealEngine } from '../real-agent.ts';

/**
 * One of the programs in this folder as a process of its own, from the sources as they are, on the folders of `engine`.
 * Its arguments: data folder, run folder, agent, and `more`.
 */
export async function startProgram(
  name: string,
  engine: RealEngine,
  more: readonly string[] = [],
): Promise<ChildProcess> {
  const outDir = join(engine.dataDir, 'program');
  const program = join(outDir, `${name}.js`);
  // Started again on the same folder, it is the same program.
  if (!existsSync(program)) await bundle(name, outDir);
  const args = [program, engine.dataDir, engine.runDir, AGENT, ...more];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

function bundle(name: string, outDir: string): Promise<unknown> {
  return build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['bufferutil', 'utf-8-validate'] },
    build: { ssr: join(import.meta.dirname, `${name}.ts`), outDir, target: 'node20' },
  });
}
