import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import '../ui/tokens.css';
import '../ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { EngineConnection } from '../bridge/index.ts';
import { usePreferences } from '../lib/preferences.ts';
import { App } from './app.tsx';
import { applyAppearance } from './theme.ts';

/** Draws the window. Theme and density are set before the first frame, so that nothing flashes. */
export function startApp(connection: EngineConnection): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no #root');
  const { theme, density } = usePreferences.getState();
  applyAppearance(theme, density, matchMedia('(prefers-color-scheme: dark)').matches);
  createRoot(root).render(
    <StrictMode>
      <App connection={connection} />
    </StrictMode>,
  );
}
