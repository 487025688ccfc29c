/** Writes all of it before the next is asked for, so that a slow reader slows the sender, not our memory. */
export function writeAll(stream: NodeJS.WritableStream, data: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(data, (error) => {
      // The reader of a pipe has left: `longshore logs x | head`.
      if (error !== null && error !== undefined) reject(error);
      else resolve();
    });
  });
}
