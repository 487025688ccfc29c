import { open, rename, rm } from 'node:fs/promises';
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
  { stdout }: CommandContext,
): Promise<void> {
  if (output !== undefined) await writeFileWhole(path.resolve(output), archive);
  else for await (const data of archive) await writeAll(stdout, data);
}

/** Under its name is either what was there before or all of the archive. */
async function writeFileWhole(file: string, archive: AsyncIterable<Uint8Array>): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.part`);
  const handle = await inWords('open', file, () => open(temporary, 'wx', 0o600));
  try {
    try {
      for await (const data of archive) await inWords('write', file, () => handle.writeFile(data));
    } finally {
      await handle.close();
    }
    await inWords('rename', file, () => rename(temporary, file));
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}
