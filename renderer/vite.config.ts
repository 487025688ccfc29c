import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * `build` makes the one renderer for the window and the dashboard. Mode `mock` builds the same renderer upon a fake
 * engine, with the component gallery beside it; neither is part of the product.
 */
export default defineConfig(({ mode }) => ({
  root: at('.'),
  base: './',
  plugins: [react()],
  build: {
    target: 'chrome130',
    outDir: mode === 'mock' ? '.cache/mock' : 'dist',
    emptyOutDir: true,
    // Fonts and images stay files: the content security policy has no `font-src data:`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // They come from the disk, or from an engine nearby; what starts late is split off where it is imported.
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input:
        mode === 'mock' ? { dev: at('dev.html'), gallery: at('gallery.html') } : { index: at('index.html') },
    },
  },
  test: {
    name: 'renderer',
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: [at('src/testing/setup.ts')],
    css: false,
    restoreMocks: true,
    testTimeout: 60_000,
  },
}));
