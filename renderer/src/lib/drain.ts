/** Takes items until there are no more, for who only waits for the end. */
export async function drain(items: AsyncIterable<unknown>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  for (let done = false; !done;) ({ done = false } = await iterator.next());
}
