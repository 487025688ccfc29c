import { open } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '../../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { inWords } from '../copy/local-error.ts';
import { inPieces } from '../copy/pieces.ts';

/** The bytes of stdin, into which somebody has to send an archive. */
export function stdinSource({ stdin }: CommandContext, verb: string): AsyncIterable<Uint8Array> {
  if (stdin.isTTY) {
    throw new EngineError('failed-precondition', `requested ${verb} from stdin, but stdin is a terminal.`, {
      hint: 'Name a file, or send an archive into stdin.',
    });
  }
  return inPieces(stdin as AsyncIterable<Uint8Array>);
}

/** The bytes of a file, which is opened before anything else happens. */
export async function fileSource(written: string): Promise<AsyncIterable<Uint8Array>> {
  const file = path.resolve(written);
  const handle = await inWords('open', file, async () => {
    const opened = await open(file, 'r');
    if (!(await opened.stat()).isDirectory()) return opened;
    await opened.close();
    throw Object.assign(new Error(file), { code: 'EISDIR' });
  });
  return handle.createReadStream() as AsyncIterable<Uint8Array>;
}
