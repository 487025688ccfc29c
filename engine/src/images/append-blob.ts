import { type Ingest, WriteBehind } from '../content/index.ts';
import type { RemoteBlob } from '../registry/index.ts';

/**
 * Writes what the registry sends behind what is there already, while it sends on; `onWritten` is called after each
 * write. When the connection fails, what came before is written nevertheless.
 */
export async function appendBlob(ingest: Ingest, remote: RemoteBlob, onWritten: () => void): Promise<void> {
  const behind = new WriteBehind(async (chunks) => {
    await ingest.write(chunks);
    onWritten();
  });
  // A registry that cannot begin in the middle sends again what is here: bytes that may have been read never change.
  let known = ingest.written - remote.offset;
  try {
    for await (const chunk of remote.bytes) {
      const skipped = Math.min(known, chunk.byteLength);
      known -= skipped;
      if (skipped < chunk.byteLength) await behind.add(chunk.subarray(skipped));
    }
  } finally {
    await behind.end();
  }
}
