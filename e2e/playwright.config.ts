import { defineConfig } from '@playwright/test';

/** The tiers from the quickest to the most real; README.md beside this file tells how to run one. */
export default defineConfig({
  outputDir: 'test-results',
  fullyParallel: false,
  // The real tiers own the machine's bridges and cgroups, and the smallest machine has two cores.
  workers: 1,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    { name: 'mocked', testDir: 'mocked' },
    { name: 'cli', testDir: 'cli' },
    { name: 'dashboard', testDir: 'dashboard' },
    { name: 'app', testDir: 'app' },
    { name: 'pictures', testDir: 'pictures' },
  ],
});
