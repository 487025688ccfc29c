import { EngineError } from '../../errors/index.ts';
import type { LogQuery } from '../../runtime/index.ts';
import type { LogBatch, LogRecord } from '../../types/index.ts';
import type { FakeContainer } from './fake-container.ts';

/** Reads a log as the agent does: the tail first, then, when following, what comes until the exit. */
export async function* readLog(
  container: FakeContainer,
  query: LogQuery,
  signal: AbortSignal | undefined,
): AsyncIterable<LogBatch> {
  const wanted = (record: LogRecord): boolean =>
    query[record.stream] &&
    (query.since === null || record.at >= query.since) &&
    (query.until === null || record.at < query.until);
  let read = container.log.length;
  const past = container.log.filter(wanted);
  const tail = query.tail === null ? past : query.tail === 0 ? [] : past.slice(-query.tail);
  if (tail.length > 0) yield { records: tail };
  while (query.follow && signal?.aborted !== true) {
    const fresh = container.log.slice(read).filter(wanted);
    read = container.log.length;
    if (fresh.length > 0) yield { records: fresh };
    else if (container.process === null) return;
    else await nextChange(container, signal);
  }
}

function nextChange(container: FakeContainer, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      container.logListeners.delete(onChange);
      signal?.removeEventListener('abort', onAbort);
    };
    const onChange = (): void => {
      leave();
      resolve();
    };
    const onAbort = (): void => {
      leave();
      reject(new EngineError('cancelled', 'The operation was cancelled.'));
    };
    container.logListeners.add(onChange);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
