import { type Profiler, Session } from 'node:inspector';

/**
 * Counts how often pieces of our code run, by the profiler's exact counters: the same work has the same number on every
 * machine, busy or not. What runs inside one call of the language, as a regular expression, is one step.
 */
export class StepCounter {
  private readonly session = new Session();
  private readonly folder: string;

  /** Only scripts whose path has `folder` in it count. */
  constructor(folder: string) {
    this.folder = folder;
    this.session.connect();
    this.session.post('Profiler.enable');
    this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Steps of `work`, which is not asynchronous. */
  count(work: () => void): number {
    this.taken();
    work();
    const scripts = this.taken().filter(({ url }) => url.includes(this.folder));
    const ranges = scripts.flatMap(({ functions }) => functions.flatMap((each) => each.ranges));
    return ranges.reduce((sum, { count }) => sum + count, 0);
  }

  dispose(): void {
    this.session.disconnect();
  }

  /** The counters since the last time. */
  private taken(): readonly Profiler.ScriptCoverage[] {
    let taken: readonly Profiler.ScriptCoverage[] = [];
    // The session is of this very thread: it answers before `post` returns.
    this.session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error !== null) throw error;
      taken = answer.result;
    });
    return taken;
  }
}
