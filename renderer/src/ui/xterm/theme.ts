import type { ISearchOptions } from '@xterm/addon-search';
import type { ITheme } from '@xterm/xterm';

/** The terminal's colours, from the tokens as they are now. */
export function terminalTheme(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    background: token('well'),
    foreground: token('ansi-white'),
    cursor: token('ansi-white'),
    cursorAccent: token('well'),
    selectionBackground: token('mark'),
    selectionForeground: token('on-mark'),
    scrollbarSliderBackground: token('line-2'),
    scrollbarSliderHoverBackground: token('line-3'),
    scrollbarSliderActiveBackground: token('line-3'),
    black: token('track'),
    brightBlack: token('ansi-dim'),
    white: token('ansi-white'),
    brightWhite: token('text-1'),
    ...bothShades('red', token('ansi-red')),
    ...bothShades('green', token('ansi-green')),
    ...bothShades('yellow', token('ansi-yellow')),
    ...bothShades('blue', token('ansi-blue')),
    ...bothShades('magenta', token('ansi-magenta')),
    ...bothShades('cyan', token('ansi-cyan')),
  };
}

function bothShades(name: 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan', color: string): ITheme {
  const bright = `bright${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return { [name]: color, [bright]: color };
}

/** Colours of what a search has found. The addon takes only `#rrggbb`, as the tokens are. */
export function searchColors(): NonNullable<ISearchOptions['decorations']> {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    matchBackground: token('mark'),
    matchOverviewRuler: token('mark'),
    activeMatchBackground: token('warn-mark'),
    activeMatchColorOverviewRuler: token('warn-mark'),
  };
}

/** Calls back whenever the page's theme changes; returns how to stop. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
