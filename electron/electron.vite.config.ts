import { defineConfig } from 'electron-vite';

/** Everything is bundled: the app is three folders of files and no node_modules. */
const bundled = { externalizeDeps: false } as const;

export default defineConfig({
  main: {
    build: {
      ...bundled,
      outDir: 'dist/main',
      // That of Electron 33, which knows no `using` yet.
      target: 'node20.18',
      rolldownOptions: {
        input: 'main/index.ts',
        external: ['bufferutil', 'utf-8-validate'],
        output: { format: 'es', entryFileNames: 'index.js' },
      },
    },
  },
  preload: {
    build: {
      ...bundled,
      outDir: 'dist/preload',
      rolldownOptions: {
        input: 'preload/index.ts',
        // A sandboxed preload is CommonJS.
        output: { format: 'cjs', entryFileNames: 'index.cjs' },
      },
    },
  },
});
