import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import './terminal-view.css';
import { applyConstructedStyles } from './constructed-styles.ts';
import { onThemeChange, searchColors, terminalTheme } from './theme.ts';

export interface TerminalViewOptions {
  /** Output only: no cursor, no keyboard input. */
  readonly readOnly: boolean;
  /** Lines that stay reachable. */
  readonly scrollback: number;
  readonly label: string;
  readonly openLink: (url: string) => void;
}

const FIT_DELAY_MS = 60;

/**
 * One xterm with its addons, in an element of its own: it can be taken out of the page and put back without losing
 * anything. Owns and disposes everything that it makes.
 */
export class TerminalView implements Disposable {
  readonly terminal: Terminal;
  readonly element: HTMLDivElement;
  private readonly fit = new FitAddon();
  private readonly search = new SearchAddon({ highlightLimit: 5000 });
  private readonly resizes = new ResizeObserver(() => this.fitSoon());
  private readonly stopThemes: () => void;
  private fitTimer: ReturnType<typeof setTimeout> | undefined;
  private opened = false;

  constructor(options: TerminalViewOptions) {
    applyConstructedStyles(document);
    this.element = document.createElement('div');
    this.element.className = options.readOnly ? 'terminal-view terminal-read-only' : 'terminal-view';
    this.element.setAttribute('aria-label', options.label);
    this.element.setAttribute('role', 'group');
    const style = getComputedStyle(document.documentElement);
    this.terminal = new Terminal({
      // Decorations, with which a search marks what it found, are still behind this.
      allowProposedApi: true,
      fontFamily: style.getPropertyValue('--font-mono').trim(),
      fontSize: 12,
      lineHeight: 1.35,
      theme: terminalTheme(),
      scrollback: options.scrollback,
      disableStdin: options.readOnly,
      convertEol: options.readOnly,
      cursorBlink: false,
      cursorInactiveStyle: options.readOnly ? 'none' : 'outline',
      minimumContrastRatio: 4.5,
      screenReaderMode: false,
    });
    this.terminal.loadAddon(this.fit);
    this.terminal.loadAddon(this.search);
    this.terminal.loadAddon(
      new WebLinksAddon((event, url) => {
        if (event.ctrlKey || event.metaKey || options.readOnly) options.openLink(url);
      }),
    );
    this.stopThemes = onThemeChange(() => {
      this.terminal.options.theme = terminalTheme();
    });
  }

  /** Into the page, filling `host`. */
  attach(host: HTMLElement): void {
    host.append(this.element);
    if (!this.opened) {
      this.terminal.open(this.element);
      this.opened = true;
    }
    this.resizes.observe(this.element);
    this.fitNow();
  }

  detach(): void {
    this.resizes.disconnect();
    clearTimeout(this.fitTimer);
    this.element.remove();
  }

  find(text: string, direction: 'next' | 'previous', incremental = false): void {
    const options = { incremental, decorations: searchColors() };
    if (text === '') this.search.clearDecorations();
    else if (direction === 'next') this.search.findNext(text, options);
    else this.search.findPrevious(text, options);
  }

  /** `index` counts from 0; -1 when none is the current one. */
  onFound(found: (index: number, count: number) => void): void {
    this.search.onDidChangeResults(({ resultIndex, resultCount }) => found(resultIndex, resultCount));
  }

  /** All that is in the buffer, as text without colours. */
  selectionOrAll(): string {
    if (this.terminal.hasSelection()) return this.terminal.getSelection();
    this.terminal.selectAll();
    const text = this.terminal.getSelection();
    this.terminal.clearSelection();
    return text;
  }

  /** Out of sight, yet with the focus it had, while all is painted anew: rows that rush by tell nothing. */
  setPainting(painting: boolean): void {
    this.element.classList.toggle('terminal-painting', painting);
  }

  /** Forgets the rows above the last `lines` lines; of a line that wraps, all rows stay. */
  keepLast(lines: number): void {
    const { terminal } = this;
    const buffer = terminal.buffer.active;
    let row = buffer.baseY + buffer.cursorY;
    for (let left = lines; left > 0 && row > 0;) {
      row -= 1;
      if (buffer.getLine(row)?.isWrapped === false) left -= 1;
    }
    if (row === 0) return;
    const { scrollback = 0 } = terminal.options;
    // A smaller scrollback lets go of the rows at once.
    terminal.options.scrollback = Math.max(0, buffer.length - row - terminal.rows);
    terminal.options.scrollback = scrollback;
  }

  [Symbol.dispose](): void {
    this.detach();
    this.stopThemes();
    this.terminal.dispose();
  }

  private fitSoon(): void {
    clearTimeout(this.fitTimer);
    this.fitTimer = setTimeout(() => this.fitNow(), FIT_DELAY_MS);
  }

  private fitNow(): void {
    if (this.element.isConnected && this.element.clientHeight > 0) this.fit.fit();
  }
}
