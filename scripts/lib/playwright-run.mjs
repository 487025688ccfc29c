import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bin, root, run } from './run.mjs';
import { broken, tally } from './tally.mjs';

/**
 * Runs Playwright in e2e/ and counts by its JSON report.
 * @param {string} name
 * @param {readonly string[]} args
 * @param {{ command?: readonly string[], env?: Record<string, string> }} [options] `command` wraps the run, for example in xvfb.
 */
export async function runPlaywright(name, args, options = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'longshore-playwright-'));
  const report = path.join(folder, 'report.json');
  const [command = bin('playwright'), ...wrapped] = [...(options.command ?? []), bin('playwright')];
  try {
    const code = await run(command, [...wrapped, 'test', '--reporter=list,json', ...args], {
      cwd: `${root}/e2e`,
      env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report, ...options.env },
    });
    const result = count(JSON.parse(readFileSync(report, 'utf8')));
    return code !== 0 && result.failed === 0 ? broken(name) : result;
  } catch {
    return broken(name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @typedef {{ title: string, tests: { status: string }[] }} Spec
 * @typedef {{ specs?: Spec[], suites?: Suite[] }} Suite
 * @param {{ suites: Suite[] }} report
 */
function count(report) {
  const result = tally();
  for (const { title, status } of report.suites.flatMap(outcomes)) {
    if (status === 'expected') result.passed += 1;
    else if (status === 'skipped') {
      result.skipped += 1;
      result.skippedNames.push(title);
    } else {
      // `flaky` included: a test that passes on a second try is a fault to mend, not a pass.
      result.failed += 1;
      result.failedNames.push(title);
    }
  }
  return result;
}

/**
 * @param {Suite} suite
 * @returns {{ title: string, status: string }[]}
 */
function outcomes(suite) {
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests.map(({ status }) => ({ title: spec.title, status })),
  );
  return [...own, ...(suite.suites ?? []).flatMap(outcomes)];
}
