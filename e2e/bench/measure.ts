/** Milliseconds of several rounds of the same thing. */
export interface Timing {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Runs `once` a few times unmeasured, then `rounds` times; `between` is not counted. */
export async function measure(
  rounds: number,
  once: () => Promise<unknown>,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Timing> {
  const warmUp = Math.min(3, rounds);
  const times: number[] = [];
  for (let round = 0; round < warmUp + rounds; round++) {
    const begun = performance.now();
    await once();
    if (round >= warmUp) times.push(performance.now() - begun);
    await between();
  }
  return { median: median(times), minimum: Math.min(...times), maximum: Math.max(...times) };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
