/** So much is held by the page itself; what is a blob already is held by the browser, on disk when it is large. */
const HELD_BYTES = 16 * 1024 * 1024;

/** All pieces as one blob. `progress` is told the bytes so far. */
export async function collectBlob(
  pieces: AsyncIterable<Uint8Array>,
  type: string,
  progress: (bytes: number) => void,
): Promise<Blob> {
  let blob = new Blob([], { type });
  let held: Uint8Array<ArrayBuffer>[] = [];
  let heldBytes = 0;
  const fold = () => {
    blob = new Blob([blob, ...held], { type });
    held = [];
    heldBytes = 0;
  };
  for await (const piece of pieces) {
    // A copy: the piece may be a view into a larger message.
    held.push(new Uint8Array(piece));
    heldBytes += piece.length;
    progress(blob.size + heldBytes);
    if (heldBytes >= HELD_BYTES) fold();
  }
  fold();
  return blob;
}
