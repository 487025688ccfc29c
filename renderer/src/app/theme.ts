import { useEffect } from 'react';
import { type Density, type Theme, usePreferences } from '../lib/preferences.ts';

/** Puts theme and density where the style sheets look for them. */
export function useAppearance(): void {
  const theme = usePreferences((preferences) => preferences.theme);
  const density = usePreferences((preferences) => preferences.density);
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const apply = () => applyAppearance(theme, density, dark.matches);
    apply();
    window.longshore?.setTheme(theme);
    dark.addEventListener('change', apply);
    return () => dark.removeEventListener('change', apply);
  }, [theme, density]);
}

export function applyAppearance(theme: Theme, density: Density, systemIsDark: boolean): void {
  const root = document.documentElement;
  root.dataset['theme'] = theme === 'system' ? (systemIsDark ? 'dark' : 'light') : theme;
  root.dataset['density'] = density;
}
