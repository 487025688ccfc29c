/** As much as a message of the door should carry. */
const PIECE_BYTES = 64 * 1024;

/** The same bytes in pieces of about one size: an archive of small files comes in very many small ones. */
export async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    size += chunk.byteLength;
    if (size < PIECE_BYTES) continue;
    const joined = held.length === 1 ? chunk : Buffer.concat(held);
    for (let at = 0; at < joined.byteLength; at += PIECE_BYTES) yield joined.subarray(at, at + PIECE_BYTES);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}

export async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncIterable<Uint8Array> {
  for await (const piece of pieces) {
    count(piece.byteLength);
    yield piece;
  }
}
