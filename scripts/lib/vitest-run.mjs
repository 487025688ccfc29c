import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bin, root, run } from './run.mjs';
import { broken, tally } from './tally.mjs';

/**
 * Runs vitest and counts by its JSON report.
 * @param {string} name
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string> }} [options]
 */
export async function runVitest(name, args, options = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'longshore-vitest-'));
  const report = path.join(folder, 'report.json');
  try {
    const code = await run(
      bin('vitest'),
      ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
      { cwd: options.cwd ?? root, ...(options.env && { env: options.env }) },
    );
    const result = count(JSON.parse(readFileSync(report, 'utf8')));
    // An error outside any test (a file that does not load, an unhandled rejection) fails no test but the run.
    return code !== 0 && result.failed === 0 ? broken(name) : result;
  } catch {
    return broken(name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {{ testResults: { assertionResults: { status: string, fullName: string }[] }[] }} report */
function count(report) {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const named = (/** @type {readonly string[]} */ statuses) =>
    tests.filter((test) => statuses.includes(test.status)).map((test) => test.fullName.trim());
  const failedNames = named(['failed']);
  const skippedNames = named(['skipped', 'pending', 'todo', 'disabled']);
  return tally({
    passed: named(['passed']).length,
    failed: failedNames.length,
    skipped: skippedNames.length,
    failedNames,
    skippedNames,
  });
}
