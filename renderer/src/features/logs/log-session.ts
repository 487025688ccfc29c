import type { EngineClient } from '@longshore/engine/contract';
import type { LogStream } from '@longshore/engine/types';
import { TerminalView } from '../../ui/xterm/terminal-view.ts';
import { LineAssembler, LineRing, type LogLine, paintLine } from './log-lines.ts';

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
}

const KEPT_LINES = 20_000;

export interface LogSessionOptions {
  readonly engine: EngineClient;
  readonly container: string;
  readonly label: string;
  readonly style: LogStyle;
  readonly openLink: (url: string) => void;
  readonly onState: (state: LogState) => void;
}

/** One container's log on the screen: reads batches, keeps the last lines, paints them, follows. */
export class LogSession implements Disposable {
  readonly view: TerminalView;
  private readonly options: LogSessionOptions;
  private readonly abort = new AbortController();
  private readonly ring = new LineRing(KEPT_LINES);
  private readonly assembler = new LineAssembler();
  private style: LogStyle;
  private state: LogState = { status: 'loading', error: undefined, empty: true, following: true, unseen: 0 };

  constructor(options: LogSessionOptions) {
    this.options = options;
    this.style = options.style;
    this.view = new TerminalView({
      readOnly: true,
      scrollback: KEPT_LINES,
      label: options.label,
      openLink: options.openLink,
    });
    this.view.terminal.onScroll(() => this.scrolled());
    this.view.terminal.onResize(() => {
      if (!this.style.wrap) void this.repaint();
    });
  }

  /** Reads until the log ends or the session is disposed. `since` leaves out what is older. */
  async follow(since?: string): Promise<void> {
    // The caller has finished what it was doing before it hears of the first state.
    await Promise.resolve();
    this.change({ status: 'loading' });
    try {
      const { engine, container } = this.options;
      const query = { container, follow: true, ...(since === undefined ? { tail: KEPT_LINES } : { since }) };
      for await (const batch of engine.containers.logs(query, { signal: this.abort.signal })) {
        const lines: LogLine[] = [];
        for (const record of batch.records) {
          const line = this.assembler.add(record);
          if (line !== undefined) lines.push(line);
        }
        // The next batch is asked for only when this one is on the screen: the credit of the stream does the rest.
        await this.show(lines);
        this.change({ status: 'following' });
      }
      await this.show(this.assembler.rest());
      this.change({ status: 'ended' });
    } catch (error) {
      if (!this.abort.signal.aborted) this.change({ status: 'failed', error });
    }
  }

  async setStyle(style: LogStyle): Promise<void> {
    if (JSON.stringify(style) === JSON.stringify(this.style)) return;
    this.style = style;
    await this.repaint();
  }

  /** Takes the lines off the screen; what comes later is shown. */
  clear(): void {
    this.ring.clear();
    this.view.terminal.reset();
    this.change({ empty: true, unseen: 0, following: true });
  }

  setFollowing(following: boolean): void {
    if (following) this.view.terminal.scrollToBottom();
    this.change({ following, ...(following && { unseen: 0 }) });
  }

  lines(): readonly LogLine[] {
    return this.ring.all().filter((line) => this.passes(line));
  }

  [Symbol.dispose](): void {
    this.abort.abort();
    this.view[Symbol.dispose]();
  }

  private async show(lines: readonly LogLine[]): Promise<void> {
    if (lines.length === 0) return;
    this.ring.add(lines);
    const shown = lines.filter((line) => this.passes(line));
    const place = this.view.terminal.buffer.active.viewportY;
    await this.paint(shown);
    if (this.abort.signal.aborted) return;
    if (!this.state.following) {
      // xterm follows the end by itself when it is in sight; a person who pinned the view must not lose the place.
      if (this.view.terminal.buffer.active.viewportY !== place) this.view.terminal.scrollToLine(place);
      this.change({ unseen: this.state.unseen + shown.length, empty: false });
    } else this.change({ empty: false });
  }

  private async repaint(): Promise<void> {
    this.view.terminal.reset();
    await this.paint(this.lines());
    if (this.state.following) this.view.terminal.scrollToBottom();
  }

  private paint(lines: readonly LogLine[]): Promise<void> {
    const style = { ...this.style, columns: this.view.terminal.cols };
    const text = lines.map((line) => paintLine(line, style)).join('');
    return new Promise((resolve) => this.view.terminal.write(text, resolve));
  }

  private passes(line: LogLine): boolean {
    return this.style.filter === 'all' || line.stream === this.style.filter;
  }

  private scrolled(): void {
    const { viewportY, baseY } = this.view.terminal.buffer.active;
    const following = viewportY >= baseY;
    if (following !== this.state.following) this.change({ following, ...(following && { unseen: 0 }) });
  }

  private change(part: Partial<LogState>): void {
    if (this.abort.signal.aborted) return;
    this.state = { ...this.state, ...part };
    this.options.onState(this.state);
  }
}
