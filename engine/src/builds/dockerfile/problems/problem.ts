import type { Range } from '../source/position.ts';

/** One thing that is wrong in a Dockerfile. */
export interface Problem {
  readonly range: Range;
  /** A sentence, without the place. */
  readonly message: string;
  /** What would have been right, a sentence. */
  readonly expected?: string;
  /** The line at `range.start`, as it was written. */
  readonly sourceLine: string;
}

/** Carries a problem from where it is found to the parser, which goes on behind it and collects more. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}
