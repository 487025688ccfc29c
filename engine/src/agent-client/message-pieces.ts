/** Well below what gRPC takes in one message. */
const MAX_PIECE_BYTES = 1024 * 1024;

/** The same bytes, in pieces that fit a message each. */
export async function* messagePieces(source: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  for await (const data of source) {
    for (let at = 0; at < data.byteLength; at += MAX_PIECE_BYTES) {
      const { buffer, byteOffset, byteLength } = data.subarray(at, at + MAX_PIECE_BYTES);
      yield Buffer.from(buffer, byteOffset, byteLength);
    }
  }
}
