const runs = Number(process.env['LONGSHORE_FUZZ_RUNS'] ?? 0);
const seed = Number(process.env['LONGSHORE_FUZZ_SEED'] ?? 0);

/**
 * How many inputs each target gets: some hundred, the same ones every time; or `LONGSHORE_FUZZ_RUNS`, which are others
 * every time unless `LONGSHORE_FUZZ_SEED` says which. A failure tells its seed and the smallest input it was found with.
 */
export const FUZZ_OPTIONS = {
  numRuns: runs > 0 ? runs : 500,
  ...(seed > 0 ? { seed } : runs > 0 ? {} : { seed: 1 }),
};

/** Where steps are counted, which takes longer. */
export const COUNTED_FUZZ_OPTIONS = { ...FUZZ_OPTIONS, numRuns: Math.ceil(FUZZ_OPTIONS.numRuns / 20) };

/** Milliseconds for a target; the tests' own short form takes a small part of it, also on a busy machine. */
export const FUZZ_TIMEOUT = 120_000 + runs * 100;
