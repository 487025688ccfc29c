/**
 * What one step of the tests found. `skippedNames` says what this machine could not do, and why.
 * @typedef {{ passed: number, failed: number, skipped: number, failedNames: string[], skippedNames: string[] }} Tally
 */

/**
 * @param {Partial<Tally>} [values]
 * @returns {Tally}
 */
export function tally(values = {}) {
  return { passed: 0, failed: 0, skipped: 0, failedNames: [], skippedNames: [], ...values };
}

/** @param {readonly Tally[]} parts */
export function sum(parts) {
  return parts.reduce(
    (all, part) => ({
      passed: all.passed + part.passed,
      failed: all.failed + part.failed,
      skipped: all.skipped + part.skipped,
      failedNames: [...all.failedNames, ...part.failedNames],
      skippedNames: [...all.skippedNames, ...part.skippedNames],
    }),
    tally(),
  );
}

/**
 * A step that could not even run counts as one failure.
 * @param {string} name
 */
export function broken(name) {
  return tally({ failed: 1, failedNames: [name] });
}

/**
 * One thing that this machine cannot do, counted as one skip.
 * @param {string} name
 */
export function skipped(name) {
  return tally({ skipped: 1, skippedNames: [name] });
}
