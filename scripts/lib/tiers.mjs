import { existsSync } from 'node:fs';
import { ensureElectron } from './electron-runtime.mjs';
import { runCargoTest } from './cargo-test.mjs';
import { runChecks } from './checks.mjs';
import { runPlaywright } from './playwright-run.mjs';
import { skipped } from './tally.mjs';
import { runVitest } from './vitest-run.mjs';

/** @typedef {import('./tally.mjs').Tally} Tally */
/** @typedef {{ name: string, run: () => Promise<readonly Tally[]> }} Tier */

const isRoot = process.getuid?.() === 0;

/** @type {Readonly<Record<'check' | 'unit' | 'integration' | 'e2e', Tier>>} */
export const TIERS = {
  check: { name: 'format, lint, types, dependency rules', run: runChecks },
  unit: {
    name: 'unit tests',
    run: async () => [
      await runVitest('unit tests (TypeScript)', []),
      await runCargoTest('unit tests (Rust)', ['--workspace', '--lib', '--bins']),
    ],
  },
  integration: {
    name: 'integration tests',
    run: async () => [
      await runCargoTest('integration tests (Rust)', ['--workspace', '--test', '*']),
      await runVitest('integration tests (engine, agent, registry)', [
        '--config',
        'vitest.integration.config.ts',
      ]),
    ],
  },
  e2e: { name: 'end-to-end tests', run: runEndToEnd },
};

async function runEndToEnd() {
  const results = [];
  const chromium = existsSync('/usr/bin/chromium');
  results.push(
    chromium
      ? await runPlaywright('e2e: the window on a fake engine', ['--project=mocked'])
      : skipped('e2e: the window on a fake engine (no /usr/bin/chromium)'),
  );
  if (!isRoot) return [...results, skipped('e2e: the app with the real agent (needs root)')];
  results.push(await runPlaywright('e2e: the command line', ['--project=cli']));
  results.push(
    chromium
      ? await runPlaywright('e2e: the dashboard in Chromium', ['--project=dashboard'])
      : skipped('e2e: the dashboard in Chromium (no /usr/bin/chromium)'),
  );
  const electron = await ensureElectron();
  if (electron === undefined) return [...results, skipped('e2e: the Electron app (no Electron runtime)')];
  if (!existsSync('/usr/bin/xvfb-run')) return [...results, skipped('e2e: the Electron app (no Xvfb)')];
  results.push(
    await runPlaywright('e2e: the Electron app', ['--project=app'], {
      command: ['xvfb-run', '--auto-servernum', '--server-args=-screen 0 1920x1200x24'],
      env: { LONGSHORE_TEST_ELECTRON: electron },
    }),
  );
  return results;
}
