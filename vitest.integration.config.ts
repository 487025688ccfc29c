import { defineConfig } from 'vitest/config';

/** Tests with the real agent, as root, and a real registry: one file at a time, so that they see a quiet machine. */
export default defineConfig({
  test: {
    include: ['engine/test/**/*.integration.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
