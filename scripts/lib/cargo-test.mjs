import { root, run } from './run.mjs';
import { broken, tally } from './tally.mjs';
import { hostTriple } from './toolchain.mjs';

const RESULT = /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/;
const IGNORED = /^test (.+) \.\.\. ignored/;
const FAILED = /^test (.+) \.\.\. FAILED/;

/**
 * Runs cargo test and counts by the lines that Rust's test harness (and libtest-mimic) print.
 * @param {string} name
 * @param {readonly string[]} args
 */
export async function runCargoTest(name, args) {
  const result = tally();
  const code = await run('cargo', ['test', '--locked', '--no-fail-fast', '--target', hostTriple(), ...args], {
    cwd: `${root}/native`,
    env: { CARGO_TERM_COLOR: 'never', CARGO_TERM_QUIET: 'false' },
    onLine: (line) => {
      const counts = RESULT.exec(line);
      if (counts !== null) {
        result.passed += Number(counts[1]);
        result.failed += Number(counts[2]);
        result.skipped += Number(counts[3]);
      }
      const ignored = IGNORED.exec(line)?.[1];
      if (ignored !== undefined) result.skippedNames.push(ignored);
      const failed = FAILED.exec(line)?.[1];
      if (failed !== undefined) result.failedNames.push(failed);
    },
  });
  return code !== 0 && result.failed === 0 ? broken(name) : result;
}
