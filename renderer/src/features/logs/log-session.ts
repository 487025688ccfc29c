import type { EngineClient } from '@longshore/engine/contract';
import type { LogStream } from '@longshore/engine/types';
import { TerminalView } from '../../ui/xterm/terminal-view.ts';
import { type LogLine, paintLine, paintNote } from './log-lines.ts';
import { LogReader } from './log-reader.ts';
import { LineWindow } from './log-window.ts';

export type LogFilter = 'all' | LogStream;

export interface LogStyle {
  readonly timestamps: boolean;
  readonly wrap: boolean;
  readonly filter: LogFilter;
}

export interface LogState {
  /** Live, ended with the container, or failed. */
  readonly status: 'loading' | 'following' | 'ended' | 'failed';
  readonly error: unknown;
  readonly empty: boolean;
  /** The newest line is in sight, and stays so. */
  readonly following: boolean;
  /** Lines that came while the person looked at older ones. */
  readonly unseen: number;
  /** What lies before the first line here: more of the log, which may be on its way, or nothing. */
  readonly older: 'more' | 'reading' | 'failed' | 'none';
}

export const FIRST_STATE: LogState = {
  status: 'loading',
  error: undefined,
  empty: true,
  following: true,
  unseen: 0,
  older: 'more',
};

const KEPT_LINES = 20_000;
const KEPT_ROWS = 40_000;
/** More than the kept lines can take, unless the window is narrower than what `KEPT_ROWS` is counted by. */
const SCROLLBACK = 80_000;
const PAGE_LINES = 5_000;

export interface LogSessionOptions {
  readonly engine: EngineClient;
  readonly container: string;
  readonly label: string;
  /** Said above the first line that there is. */
  readonly beginning: string;
  readonly style: LogStyle;
  readonly openLink: (url: string) => void;
  readonly onState: (state: LogState) => void;
}

/**
 * One container's log on the screen. It holds a bounded piece of it: as a rule the end, which grows as the container
 * writes; when a person scrolls to either edge of the piece, the next lines are read and the far ones let go.
 */
export class LogSession implements Disposable {
  readonly view: TerminalView;
  private readonly options: LogSessionOptions;
  private readonly reader: LogReader;
  private readonly abort = new AbortController();
  private readonly window = new LineWindow(KEPT_LINES, KEPT_ROWS);
  /** Of the reading that stands, and follows the log's end. */
  private live = new AbortController();
  /** The piece reaches the log's end. If not, what is written is counted only. */
  private attached = true;
  private cleared = false;
  /** A page is read or painted: scrolling is not the person's. */
  private turning = false;
  private style: LogStyle;
  private state: LogState = FIRST_STATE;

  constructor(options: LogSessionOptions) {
    this.options = options;
    this.style = options.style;
    this.reader = new LogReader(options.engine, options.container);
    this.view = new TerminalView({
      readOnly: true,
      scrollback: SCROLLBACK,
      label: options.label,
      openLink: options.openLink,
    });
    this.view.terminal.onScroll(() => this.scrolled());
    this.view.terminal.onResize(() => {
      if (!this.style.wrap) void this.repaint();
    });
  }

  /** Shows the end of the log and follows it, until it ends or the session is disposed. */
  async follow(): Promise<void> {
    // The caller has finished what it was doing before it hears of the first state.
    await Promise.resolve();
    this.window.clear();
    this.view.terminal.reset();
    this.change({ status: 'loading', following: true, unseen: 0, older: 'more' });
    await this.stand((signal) => this.reader.read({ follow: true, tail: KEPT_LINES }, signal));
  }

  async setStyle(style: LogStyle): Promise<void> {
    if (JSON.stringify(style) === JSON.stringify(this.style)) return;
    this.style = style;
    await this.repaint();
  }

  /** Takes the lines off the screen; what comes later is shown. */
  clear(): void {
    this.cleared = true;
    this.window.clear();
    this.view.terminal.reset();
    this.change({ empty: true, unseen: 0, following: true, older: 'none' });
  }

  setFollowing(following: boolean): void {
    if (following && !this.attached) {
      void this.follow();
      return;
    }
    if (following) this.view.terminal.scrollToBottom();
    this.change({ following, ...(following && { unseen: 0 }) });
  }

  lines(): readonly LogLine[] {
    return this.window.lines.filter((line) => this.passes(line));
  }

  /** To the top of what is here. Lines that all fit on the screen do not scroll, and may still have others before them. */
  toTop(): void {
    const { terminal } = this.view;
    terminal.scrollToTop();
    const isAtTop = terminal.buffer.active.viewportY === 0;
    if (isAtTop && !this.turning && this.state.older === 'more') void this.readOlder();
  }

  /** Reads the page before the first line, which keeps its place on the screen. */
  readOlder(): Promise<void> {
    return this.turn(async () => {
      const edge = this.window.first();
      if (edge === undefined) return;
      this.change({ older: 'reading' });
      try {
        // One more than a page tells whether there is anything before it.
        const found = await this.reader.older(edge, PAGE_LINES + 1, this.abort.signal);
        const page = found.slice(-PAGE_LINES);
        if (this.window.prepend(page)) this.attached = false;
        this.change({ older: found.length > PAGE_LINES ? 'more' : 'none' });
        await this.repaint(page.filter((line) => this.passes(line)).length);
      } catch {
        this.change({ older: 'failed' });
      }
    });
  }

  [Symbol.dispose](): void {
    this.abort.abort();
    this.view[Symbol.dispose]();
  }

  /** Reads the page after the last line; when it is the last one, the piece reaches the log's end again. */
  private readNewer(): Promise<void> {
    return this.turn(async () => {
      const edge = this.window.last();
      if (edge === undefined) return;
      const before = this.lines().length;
      const page: LogLine[] = [];
      const reading = new AbortController();
      const signal = AbortSignal.any([this.abort.signal, reading.signal]);
      for await (const batch of this.reader.newer(edge, false, signal)) {
        page.push(...batch);
        if (page.length >= PAGE_LINES) break;
      }
      reading.abort();
      const dropped = this.window.append(page);
      if (dropped) this.change({ older: 'more' });
      const added = page.filter((line) => this.passes(line)).length;
      await this.repaint(Math.min(before, this.lines().length - added), 'above');
      const last = this.window.last();
      if (page.length >= PAGE_LINES || last === undefined) return;
      this.change({ unseen: 0 });
      void this.stand((standing) => this.reader.newer(last, true, standing));
    });
  }

  /** Makes this the reading that stands, in place of the one before. */
  private async stand(read: (signal: AbortSignal) => AsyncIterable<readonly LogLine[]>): Promise<void> {
    this.live.abort();
    this.live = new AbortController();
    this.attached = true;
    const signal = AbortSignal.any([this.abort.signal, this.live.signal]);
    try {
      for await (const lines of read(signal)) {
        // The next batch is asked for only when this one is on the screen: the credit of the stream does the rest.
        await this.show(lines);
        if (signal.aborted) return;
        this.change({ status: 'following' });
      }
      this.change({ status: 'ended' });
    } catch (error) {
      if (!signal.aborted) this.change({ status: 'failed', error });
    }
  }

  private async show(lines: readonly LogLine[]): Promise<void> {
    if (lines.length === 0) return;
    const shown = lines.filter((line) => this.passes(line));
    // Who reads older lines keeps them: a full piece rather loses the log's end than what is in sight.
    if (!this.state.following && this.window.full) this.attached = false;
    if (!this.attached) {
      this.change({ unseen: this.state.unseen + shown.length });
      return;
    }
    const dropped = this.window.append(lines);
    const place = this.view.terminal.buffer.active.viewportY;
    await this.paint(shown);
    if (this.abort.signal.aborted) return;
    if (dropped) {
      this.view.keepLast(this.lines().length);
      if (!this.cleared) this.change({ older: 'more' });
    }
    if (this.state.following) this.change({ empty: false });
    else {
      // xterm follows the end by itself when it is in sight; a person who pinned the view must not lose the place.
      if (this.view.terminal.buffer.active.viewportY !== place) this.view.terminal.scrollToLine(place);
      this.change({ unseen: this.state.unseen + shown.length, empty: false });
    }
  }

  /** All anew; then the line of this number is the first in sight, or the one above the last row. Else the end is. */
  private async repaint(line?: number, sight: 'first' | 'above' = 'first'): Promise<void> {
    const lines = this.lines();
    const { terminal } = this.view;
    this.view.setPainting(true);
    terminal.reset();
    if (this.state.older === 'none' && !this.cleared && lines.length > 0) {
      await this.write(paintNote(this.options.beginning));
    }
    await this.paint(lines.slice(0, line ?? 0));
    // What is said above the first line is in sight with it.
    const row = line === 0 ? 0 : terminal.buffer.active.baseY + terminal.buffer.active.cursorY;
    await this.paint(lines.slice(line ?? 0));
    if (line !== undefined) terminal.scrollToLine(sight === 'first' ? row : Math.max(0, row - terminal.rows));
    else if (this.state.following) terminal.scrollToBottom();
    this.view.setPainting(false);
  }

  private paint(lines: readonly LogLine[]): Promise<void> {
    const style = { ...this.style, columns: this.view.terminal.cols };
    return this.write(lines.map((line) => paintLine(line, style)).join(''));
  }

  private write(text: string): Promise<void> {
    return new Promise((resolve) => this.view.terminal.write(text, resolve));
  }

  private passes(line: LogLine): boolean {
    return this.style.filter === 'all' || line.stream === this.style.filter;
  }

  private async turn(act: () => Promise<void>): Promise<void> {
    if (this.turning) return;
    this.turning = true;
    try {
      await act();
    } catch (error) {
      if (!this.abort.signal.aborted) this.change({ status: 'failed', error });
    } finally {
      this.turning = false;
    }
  }

  private scrolled(): void {
    if (this.turning) return;
    const { viewportY, baseY } = this.view.terminal.buffer.active;
    const atEnd = viewportY >= baseY;
    const following = atEnd && this.attached;
    if (following !== this.state.following) this.change({ following, ...(following && { unseen: 0 }) });
    if (atEnd && !this.attached) void this.readNewer();
    else if (!atEnd && viewportY === 0 && this.state.older === 'more') void this.readOlder();
  }

  private change(part: Partial<LogState>): void {
    if (this.abort.signal.aborted) return;
    this.state = { ...this.state, ...part };
    this.options.onState(this.state);
  }
}
