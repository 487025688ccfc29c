import { setMaxListeners } from 'node:events';
import { type EngineError, toEngineError } from './errors/index.ts';

/**
 * Does all work at once, begun in order within this turn of the event loop. The first failure ends the others, and is
 * the one to tell, once all have come to rest.
 */
export async function sideBySide<T, R>(
  items: readonly T[],
  work: (item: T, index: number, signal: AbortSignal) => Promise<R>,
  signal: AbortSignal,
): Promise<readonly R[]> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  // Each of them listens, and Node takes more than ten for a leak.
  setMaxListeners(0, stop);
  let failure: EngineError | undefined;
  const results = await Promise.allSettled(
    items.map(async (item, index) => {
      try {
        return await work(item, index, stop);
      } catch (thrown) {
        failure ??= toEngineError(thrown);
        failed.abort(failure);
        throw failure;
      }
    }),
  );
  if (failure !== undefined) throw failure;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
