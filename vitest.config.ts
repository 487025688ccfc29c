import { defineConfig } from 'vitest/config';

const project = (name: string, include: readonly string[]) => ({
  test: { name, include: [...include], exclude: ['**/node_modules/**', '**/*.integration.test.ts'] },
});

export default defineConfig({
  test: {
    projects: [
      project('engine', ['engine/src/**/*.test.ts']),
      project('electron', ['electron/**/*.test.ts']),
      project('scripts', ['scripts/**/*.test.mjs']),
      'renderer',
    ],
  },
});
