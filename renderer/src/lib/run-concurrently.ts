export interface Outcome<T> {
  readonly item: T;
  /** Undefined when it went well. */
  readonly error: unknown;
}

/** Runs `act` for each item, at most `limit` at once, and says of each how it went, in the items' order. */
export async function runConcurrently<T>(
  items: readonly T[],
  limit: number,
  act: (item: T) => Promise<unknown>,
): Promise<readonly Outcome<T>[]> {
  const outcomes: Outcome<T>[] = [];
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const index = next++;
      const item = items[index] as T;
      outcomes[index] = { item, error: await failureOf(() => act(item)) };
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return outcomes;
}

async function failureOf(act: () => Promise<unknown>): Promise<unknown> {
  try {
    await act();
    return undefined;
  } catch (error) {
    return error ?? new Error('unknown');
  }
}
