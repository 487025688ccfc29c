import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CommandContext } from '../context.ts';
import { EngineError } from '../../../errors/index.ts';
import { inWords } from '../copy/local-error.ts';
import { writeAll } from '../output/write.ts';

/** Before anything is asked for: an archive is nothing to look at. */
export function refuseTerminal({ stdout }: CommandContext): void {
  if (!stdout.isTTY) return;
  throw new EngineError('failed-precondition', 'cowardly refusing to save to a terminal.', {
    hint: 'Use the -o flag or redirect.',
  });
}

/** To this file, or to stdout when there is none. */
export async function writeArchive(
  archive: AsyncIterable<Uint8Array>,
  output: string | undefined,
  { stdout }: Pick<CommandContext, 'stdout'>,
): Promise<void> {
  if (output !== undefined) await writeFileWhole(path.resolve(output), archive);
  else for await (const data of archive) await inWords('write', 'stdout', () => writeAll(stdout, data));
}

/** Under its name is either what was there before or all of the archive. */
async function writeFileWhole(file: string, archive: AsyncIterable<Uint8Array>): Promise<void> {
  await refuseSpecial(file);
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.part`);
  const handle = await inWords('open', file, () => open(temporary, 'wx', 0o600));
  try {
    try {
      for await (const data of archive) await inWords('write', file, () => handle.writeFile(data));
      // Some file systems find out only here that there is no room.
      await inWords('write', file, () => handle.sync());
    } finally {
      await handle.close();
    }
    await inWords('rename', file, () => rename(temporary, file));
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

/** What a file would take the place of: a folder, or a device. */
async function refuseSpecial(file: string): Promise<void> {
  // What cannot be looked at is told by the writing.
  const known = await stat(file).catch(() => null);
  if (known === null || known.isFile()) return;
  throw new EngineError('invalid-argument', `write ${file}: not a regular file`, {
    detail: { step: 'write', path: file },
    hint: 'Name a file, or leave -o away and redirect.',
  });
}
