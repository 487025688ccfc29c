import type { EngineClient, DuplexCall } from '@longshore/engine/contract';
import { EngineError } from '@longshore/engine/errors';
import type { ProcessInput, ProcessOutput } from '@longshore/engine/types';
import { copyText } from '../../lib/clipboard.ts';
import { TerminalView } from '../../ui/xterm/terminal-view.ts';
import { candidatesOf, isMissingProgram, type ShellChoice } from './shells.ts';

export interface TerminalState {
  readonly status: 'connecting' | 'open' | 'ended' | 'failed';
  /** The shell that runs, or ran. */
  readonly shell: string;
  readonly exitCode: number | null;
  readonly error: unknown;
}

export interface TerminalRequest {
  readonly container: string;
  readonly choice: ShellChoice;
  /** Empty: the container's own. */
  readonly user: string;
}

export interface TerminalSessionOptions extends TerminalRequest {
  readonly engine: EngineClient;
  readonly label: string;
  readonly openLink: (url: string) => void;
}

type ExecCall = DuplexCall<ProcessInput, ProcessOutput>;

const SCROLLBACK = 10_000;

/**
 * A shell in a container with its screen. It lives on while the person looks at other pages, until it is closed.
 * What is typed goes out in order; when the engine has no room for it, it waits.
 */
export class TerminalSession implements Disposable {
  readonly request: TerminalRequest;
  readonly view: TerminalView;
  private readonly engine: EngineClient;
  private readonly listeners = new Set<() => void>();
  private value: TerminalState = { status: 'connecting', shell: '', exitCode: null, error: undefined };
  private abort = new AbortController();
  private call: ExecCall | undefined;
  private sending: Promise<void> = Promise.resolve();

  constructor(options: TerminalSessionOptions) {
    const { engine, label, openLink, container, choice, user } = options;
    this.request = { container, choice, user };
    this.engine = engine;
    this.view = new TerminalView({ readOnly: false, scrollback: SCROLLBACK, label, openLink });
    const { terminal } = this.view;
    terminal.onData((data) => this.typed(new TextEncoder().encode(data)));
    terminal.onBinary((data) => this.typed(Uint8Array.from(data, (char) => char.charCodeAt(0))));
    terminal.onResize(({ cols, rows }) => this.send({ kind: 'resize', size: { columns: cols, rows } }));
    terminal.attachCustomKeyEventHandler((event) => this.handleKey(event));
  }

  get state(): TerminalState {
    return this.value;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Starts the first shell that the container has. Also after the end of the one before. */
  async start(): Promise<void> {
    this.abort = new AbortController();
    this.change({ status: 'connecting', exitCode: null, error: undefined });
    let missing: unknown;
    for (const shell of candidatesOf(this.request.choice)) {
      try {
        await this.run(shell);
        return;
      } catch (error) {
        if (this.abort.signal.aborted) return;
        if (!isMissingProgram(error)) {
          this.change({ status: 'failed', shell, error });
          return;
        }
        missing = error;
      }
    }
    this.change({ status: 'failed', error: noShell(this.request, missing) });
  }

  [Symbol.dispose](): void {
    this.abort.abort();
    this.listeners.clear();
    this.view[Symbol.dispose]();
  }

  private async run(shell: string): Promise<void> {
    const { terminal } = this.view;
    const { container, user } = this.request;
    const call: ExecCall = this.engine.containers.exec(
      {
        container,
        command: [shell],
        tty: true,
        openStdin: true,
        env: ['TERM=xterm-256color'],
        size: { columns: terminal.cols, rows: terminal.rows },
        ...(user !== '' && { user }),
      },
      { signal: this.abort.signal },
    );
    this.call = call;
    this.sending = Promise.resolve();
    try {
      for await (const output of call) await this.receive(shell, output);
      if (this.value.status === 'open') this.change({ status: 'ended' });
    } finally {
      this.call = undefined;
    }
  }

  private async receive(shell: string, output: ProcessOutput): Promise<void> {
    const { terminal } = this.view;
    switch (output.kind) {
      case 'ready':
        this.change({ status: 'open', shell });
        // The window may have changed its size between the request and now.
        this.send({ kind: 'resize', size: { columns: terminal.cols, rows: terminal.rows } });
        return;
      case 'stdout':
      case 'stderr':
        // The next piece is taken only when this one is painted.
        await new Promise<void>((resolve) => terminal.write(output.data, resolve));
        return;
      case 'exited':
        this.change({ status: 'ended', exitCode: output.code });
    }
  }

  private typed(data: Uint8Array): void {
    if (this.value.status === 'open') this.send({ kind: 'stdin', data });
    else if (
      data[0] === CARRIAGE_RETURN &&
      (this.value.status === 'ended' || this.value.status === 'failed')
    ) {
      this.view.terminal.write('\r\n');
      void this.start();
    }
  }

  private send(input: ProcessInput): void {
    const { call } = this;
    if (call === undefined || this.value.status !== 'open') return;
    // A call that has ended refuses; its end is told by its output.
    this.sending = this.sending.then(() => call.send(input)).catch(() => undefined);
  }

  /** Ctrl+Shift+C and V copy and paste; Ctrl+C copies only what is marked and else goes to the program. */
  private handleKey(event: KeyboardEvent): boolean {
    if (event.type !== 'keydown') return true;
    const { terminal } = this.view;
    const key = event.key.toLowerCase();
    const command = event.ctrlKey || event.metaKey;
    if (command && key === 'c' && terminal.hasSelection()) {
      void copyText(terminal.getSelection());
      terminal.clearSelection();
      event.preventDefault();
      return false;
    }
    if (command && event.shiftKey && key === 'c') {
      event.preventDefault();
      return false;
    }
    if (command && event.shiftKey && key === 'v') {
      event.preventDefault();
      void navigator.clipboard.readText().then(
        (text) => terminal.paste(text),
        () => undefined,
      );
      return false;
    }
    // The palette's key belongs to the window.
    return !(command && key === 'k');
  }

  private change(part: Partial<TerminalState>): void {
    this.value = { ...this.value, ...part };
    for (const listener of this.listeners) listener();
  }
}

const CARRIAGE_RETURN = 13;

function noShell(request: TerminalRequest, cause: unknown): EngineError {
  const tried = candidatesOf(request.choice).join(', ');
  return new EngineError('failed-precondition', `This container has none of these shells: ${tried}.`, {
    hint: 'An image without a shell can still be watched through its logs.',
    cause,
  });
}
