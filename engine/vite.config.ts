import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';

/** Bundles the command line into one file: it starts twice as fast as from its modules. */
export default defineConfig({
  ssr: { noExternal: true, external: ['bufferutil', 'utf-8-validate'] },
  build: {
    ssr: 'src/host/longshore.ts',
    target: 'node20',
    outDir: 'dist',
    emptyOutDir: true,
    rolldownOptions: {
      external: [...builtinModules, /^node:/],
      output: { entryFileNames: 'longshore.js', codeSplitting: false },
    },
  },
});
