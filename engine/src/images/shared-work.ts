import { EngineError, isEngineError, toEngineError } from '../errors/index.ts';

export interface WorkContext<P> {
  /** Fires when nobody wants the result any more. */
  readonly signal: AbortSignal;
  report(progress: P): void;
}

export interface JoinOptions<P> {
  readonly signal: AbortSignal;
  /** Gets the latest progress at once when the work is under way already. */
  readonly onProgress: (progress: P) => void;
}

interface Job<P, R> {
  readonly abort: AbortController;
  readonly result: Promise<R>;
  readonly listeners: Set<(progress: P) => void>;
  latest: P | undefined;
}

/**
 * Work that several may want at once is done once. Who leaves, by its signal, only ends the work when it was the last
 * one; that one waits until the work has come to rest, so that nothing goes on behind a cancelled operation.
 */
export class SharedWork<P, R> {
  private readonly jobs = new Map<string, Job<P, R>>();

  /**
   * Does the work, or joins the one under way for `key`. A failure of work that another began, with its means, is no
   * verdict: then it is tried once more with ours.
   */
  async join(
    key: string,
    work: (context: WorkContext<P>) => Promise<R>,
    options: JoinOptions<P>,
  ): Promise<R> {
    const joined = this.jobs.get(key);
    if (joined === undefined) return this.take(this.begin(key, work), options);
    // What its last participant has left ends as cancelled, and then begins anew.
    const result = joined.abort.signal.aborted ? joined.result : this.take(joined, options);
    try {
      return await result;
    } catch (thrown) {
      if (options.signal.aborted) throw cancelled(options.signal);
      if (isEngineError(thrown, 'cancelled')) return this.join(key, work, options);
      const current = this.jobs.get(key) ?? this.begin(key, work);
      return this.take(current, options);
    }
  }

  private begin(key: string, work: (context: WorkContext<P>) => Promise<R>): Job<P, R> {
    const abort = new AbortController();
    const listeners = new Set<(progress: P) => void>();
    const report = (progress: P): void => {
      job.latest = progress;
      for (const listener of listeners) listener(progress);
    };
    const result = Promise.resolve()
      .then(() => work({ signal: abort.signal, report }))
      .finally(() => this.jobs.delete(key));
    const job: Job<P, R> = { abort, result, listeners, latest: undefined };
    this.jobs.set(key, job);
    return job;
  }

  private async take(job: Job<P, R>, { signal, onProgress }: JoinOptions<P>): Promise<R> {
    const listener = (progress: P): void => onProgress(progress);
    job.listeners.add(listener);
    if (job.latest !== undefined) onProgress(job.latest);
    const left = new AbortController();
    const leaving = new Promise<never>((_, reject) => {
      const leave = (): void => {
        job.listeners.delete(listener);
        if (job.listeners.size > 0) reject(cancelled(signal));
        else job.abort.abort(cancelled(signal));
      };
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true, signal: left.signal });
    });
    try {
      return await Promise.race([job.result, leaving]);
    } finally {
      left.abort();
      job.listeners.delete(listener);
    }
  }
}

function cancelled(signal: AbortSignal): EngineError {
  const reason = toEngineError(signal.reason);
  return reason.code === 'cancelled' ? reason : new EngineError('cancelled', 'The operation was cancelled.');
}
