import { isEngineError } from '../errors/index.ts';
import { compressionOf } from '../images/index.ts';
import type { Snapshotter } from '../snapshots/index.ts';

/** As far as the mark of a tar archive. */
const HEAD_BYTES = 512;
const USTAR = { at: 257, bytes: Buffer.from('ustar') };

/**
 * The bytes as they are, if they are an archive, compressed or not; null: they are something else, also what only begins
 * as if it were compressed. `read` begins anew each time.
 */
export async function openArchive(
  read: () => AsyncIterable<Uint8Array>,
  snapshotter: Pick<Snapshotter, 'decompress'>,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | null> {
  const head = await headOf(read());
  if (compressionOf(head) === 'none') return isTar(head) ? read() : null;
  try {
    return isTar(await headOf(snapshotter.decompress(read(), { signal }))) ? read() : null;
  } catch (thrown) {
    if (isEngineError(thrown, 'invalid-argument') && thrown.detail.step === 'decompress') return null;
    throw thrown;
  }
}

function isTar(head: Buffer): boolean {
  return head.subarray(USTAR.at, USTAR.at + USTAR.bytes.length).equals(USTAR.bytes);
}

async function headOf(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  for await (const piece of bytes) {
    head = Buffer.concat([head, piece]);
    if (head.length >= HEAD_BYTES) break;
  }
  return head;
}
