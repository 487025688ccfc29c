/** One line as a person types it into a shell, and what it must do. */
export interface Step {
  /** For bash(1), in a folder of the tour's own. */
  readonly line: string;
  /** The exit code; left out: 0. */
  readonly code?: number;
  /** All of it, or what is in it. Left out: anything. */
  readonly stdout?: string | RegExp;
  readonly stderr?: string | RegExp;
  /** Makes the line run on a terminal, on which keys are typed one after another, each once what is looked for is there. */
  readonly types?: readonly (readonly [after: RegExp, keys: string])[];
  /** The line is repeated until it does as expected: what it looks at takes its time. */
  readonly eventually?: true;
  /** docker(1) refuses it of an engine that has no more than API 1.41. */
  readonly newerApi?: true;
  /** What dockerd has not: the line is for Longshore alone. */
  readonly oursAlone?: true;
  /** What dockerd 20.10 does otherwise, and why; docs/docker-compatibility.md has the whole. */
  readonly differs?: string;
}

export interface Chapter {
  readonly title: string;
  readonly steps: readonly Step[];
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What is wrong with an outcome, in words; empty when it is as expected. */
export function complaints(step: Step, outcome: Outcome): readonly string[] {
  return [
    ...(outcome.code === (step.code ?? 0) ? [] : [`code ${outcome.code} instead of ${step.code ?? 0}`]),
    ...complaint('stdout', step.stdout, outcome.stdout),
    ...complaint('stderr', step.stderr, outcome.stderr),
  ];
}

function complaint(name: string, wanted: string | RegExp | undefined, text: string): readonly string[] {
  if (wanted === undefined) return [];
  const fits = typeof wanted === 'string' ? text === wanted : wanted.test(text);
  return fits
    ? []
    : [`${name} is not ${typeof wanted === 'string' ? JSON.stringify(wanted) : String(wanted)}`];
}
