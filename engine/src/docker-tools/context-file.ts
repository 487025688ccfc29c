import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { EngineError } from '../errors/index.ts';
import { errnoOf } from '../metadata/index.ts';

/** What of a context's meta.json concerns us (docs.docker.com/engine/manage-resources/contexts). */
const metaSchema = z.object({
  Endpoints: z.object({ docker: z.object({ Host: z.string() }) }),
});

/** Docker's rule for names of contexts. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/;

/** docker's own context, which is always there: the socket of dockerd. It is no file. */
export const DEFAULT_CONTEXT = 'default';

/** Where docker(1) looks for a context: in a folder named by the SHA-256 of its name. */
function contextFolder(configDir: string, name: string): string {
  checkName(name);
  return path.join(configDir, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
}

/** Writes a context, or writes it anew, that leads docker(1) to this address (`unix:///run/longshore/docker.sock`). */
export async function writeContext(configDir: string, name: string, host: string): Promise<void> {
  const folder = contextFolder(configDir, name);
  const meta = {
    Name: name,
    Metadata: { Description: 'Longshore' },
    Endpoints: { docker: { Host: host, SkipTLSVerify: false } },
  };
  const file = path.join(folder, 'meta.json');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Whole or not at all: docker(1) refuses every command when it cannot read one context.
  await writeFile(`${file}.new`, JSON.stringify(meta), { mode: 0o644 });
  await rename(`${file}.new`, file);
}

/** Where a context leads; null: there is none of this name, or none that docker could use. */
export async function readContext(configDir: string, name: string): Promise<string | null> {
  try {
    const text = await readFile(path.join(contextFolder(configDir, name), 'meta.json'), 'utf8');
    return metaSchema.parse(JSON.parse(text)).Endpoints.docker.Host;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT' || thrown instanceof SyntaxError || thrown instanceof z.ZodError)
      return null;
    throw thrown;
  }
}

/** False when there was none. */
export async function removeContext(configDir: string, name: string): Promise<boolean> {
  try {
    await rm(contextFolder(configDir, name), { recursive: true });
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return false;
    throw thrown;
  }
}

function checkName(name: string): void {
  if (NAME.test(name) && name !== DEFAULT_CONTEXT) return;
  throw new EngineError('invalid-argument', `"${name}" cannot be the name of a context.`, {
    detail: { path: name },
    hint: 'It has letters, digits, "_", ".", "+" and "-", and is not "default".',
  });
}
