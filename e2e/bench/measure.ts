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
  times.sort((a, b) => a - b);
  return {
    median: times[Math.floor(times.length / 2)] ?? Number.NaN,
    minimum: times[0] ?? Number.NaN,
    maximum: times.at(-1) ?? Number.NaN,
  };
}
