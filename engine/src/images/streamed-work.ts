import type { Clock } from '../clock.ts';
import { EngineError, toEngineError } from '../errors/index.ts';
import type { Task } from '../types/index.ts';
import { LatestFeed } from './latest-feed.ts';
import type { Tasks } from './tasks.ts';

/** Between two reports of progress. */
const PROGRESS_INTERVAL_MS = 100;

export interface StreamedContext<P> {
  /** Id of the task. */
  readonly task: string;
  readonly signal: AbortSignal;
  readonly report: (progress: P) => void;
}

export interface StreamedWork<P> {
  readonly kind: Task['kind'];
  readonly subject: string;
  /** Whether it goes on when its watcher leaves. */
  readonly background: boolean;
  readonly fractionOf: (progress: P) => number | null;
  /** Answers with its last word. */
  readonly run: (context: StreamedContext<P>) => Promise<P>;
}

/**
 * Does work as a task while a caller watches its latest progress. Unless it is in the background, the work ends with
 * the watching, and has come to rest when the watching ends.
 */
export async function* watchWork<P>(
  { tasks, clock }: { readonly tasks: Tasks; readonly clock: Clock },
  work: StreamedWork<P>,
  signal: AbortSignal,
): AsyncGenerator<P> {
  const feed = new LatestFeed<P>(clock, PROGRESS_INTERVAL_MS);
  const left = new AbortController();
  const stop = (): void => {
    left.abort(signal.reason);
    feed.fail(toEngineError(signal.reason));
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const working = runAsTask(tasks, work, feed, work.background ? null : left.signal);
  try {
    yield* feed.read();
  } finally {
    signal.removeEventListener('abort', stop);
    left.abort(new EngineError('cancelled', 'This was cancelled.'));
    if (!work.background) await working;
  }
}

/** Never rejects: the outcome goes to the feed and to the task. */
async function runAsTask<P>(
  tasks: Tasks,
  { kind, subject, fractionOf, run }: StreamedWork<P>,
  feed: LatestFeed<P>,
  left: AbortSignal | null,
): Promise<void> {
  try {
    const last = await tasks.run(kind, subject, (task) =>
      run({
        task: task.id,
        signal: left === null ? task.signal : AbortSignal.any([task.signal, left]),
        report: (progress) => {
          feed.set(progress);
          task.report(fractionOf(progress));
        },
      }),
    );
    feed.finish(last);
  } catch (thrown) {
    feed.fail(toEngineError(thrown));
  }
}
