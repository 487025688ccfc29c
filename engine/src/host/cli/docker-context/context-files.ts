import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '../../../errors/index.ts';
import { errnoOf } from '../../../metadata/index.ts';

/** Docker's rule for names of contexts. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/;

/** Where docker(1) looks for a context: in a folder named by the SHA-256 of its name. */
function contextFolder(configDir: string, name: string): string {
  return path.join(configDir, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
}

/** Writes a context, or writes it anew, that leads docker(1) to this socket. */
export async function installContext(configDir: string, name: string, socketPath: string): Promise<void> {
  checkName(name);
  const folder = contextFolder(configDir, name);
  const meta = {
    Name: name,
    Metadata: { Description: 'Longshore' },
    Endpoints: { docker: { Host: `unix://${socketPath}`, SkipTLSVerify: false } },
  };
  const file = path.join(folder, 'meta.json');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Whole or not at all: docker(1) refuses every command when it cannot read one context.
  await writeFile(`${file}.new`, JSON.stringify(meta), { mode: 0o644 });
  await rename(`${file}.new`, file);
}

/** False when there was none. */
export async function removeContext(configDir: string, name: string): Promise<boolean> {
  checkName(name);
  try {
    await rm(contextFolder(configDir, name), { recursive: true });
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return false;
    throw thrown;
  }
}

function checkName(name: string): void {
  if (NAME.test(name) && name !== 'default') return;
  throw new EngineError('invalid-argument', `"${name}" cannot be the name of a context.`, {
    detail: { path: name },
    hint: 'It has letters, digits, "_", ".", "+" and "-", and is not "default".',
  });
}
