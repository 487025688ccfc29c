import type { TerminalSize } from '../../types/index.ts';
import { Pipe } from './pipe.ts';

const SIGKILL = 9;

export interface ProcessEnd {
  readonly code: number;
  readonly signal: number;
}

/** What a program of the in-memory runtime sees and does. */
export interface FakeProgramContext {
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly size: TerminalSize | null;
  readonly stdout: (text: string | Uint8Array) => void;
  readonly stderr: (text: string | Uint8Array) => void;
  /** From now on the signal ends the process with this code. */
  readonly trap: (signal: number, code: number) => void;
  /** Never resolves: only a signal ends the process. */
  readonly forever: () => Promise<never>;
}

/** A program; resolves with its exit code. */
export type FakeProgram = (context: FakeProgramContext) => Promise<number>;

export interface FakeProcessOptions {
  readonly program: FakeProgram;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly openStdin: boolean;
  /** PID 1 of its namespace: the kernel drops signals that it has no handler for, but SIGKILL (pid_namespaces(7)). */
  readonly isInit: boolean;
  readonly onOutput: (stream: 'stdout' | 'stderr', data: Uint8Array) => void;
}

/** A process that is a function. */
export class FakeProcess {
  /** Resolves when the program has ended, by itself or by a signal. */
  readonly ended: Promise<ProcessEnd>;
  private readonly options: FakeProcessOptions;
  private readonly stdin = new Pipe<Uint8Array>();
  private readonly traps = new Map<number, number>();
  private finish: (end: ProcessEnd) => void = () => undefined;
  private alive = true;
  /** While it is frozen. */
  private waitingSignals: number[] | null = null;
  private terminalSize: TerminalSize | null = null;

  constructor(options: FakeProcessOptions) {
    this.options = options;
    this.ended = new Promise((resolve) => {
      this.finish = (end) => {
        this.alive = false;
        resolve(end);
      };
    });
    if (!options.openStdin) this.stdin.end();
    void this.execute();
  }

  get frozen(): boolean {
    return this.waitingSignals !== null;
  }

  /** Signals wait from now on. False when they did already. */
  freeze(): boolean {
    if (this.frozen) return false;
    this.waitingSignals = [];
    return true;
  }

  thaw(): void {
    const waiting = this.waitingSignals ?? [];
    this.waitingSignals = null;
    for (const number of waiting) this.signal(number);
  }

  signal(number: number): void {
    if (this.waitingSignals !== null) {
      this.waitingSignals.push(number);
      return;
    }
    const code = number === SIGKILL ? undefined : this.traps.get(number);
    if (code !== undefined) this.finish({ code, signal: 0 });
    else if (number === SIGKILL || !this.options.isInit) this.finish({ code: 128 + number, signal: number });
  }

  resize(size: TerminalSize): void {
    this.terminalSize = size;
  }

  write(data: Uint8Array): void {
    this.stdin.push(data);
  }

  closeStdin(): void {
    this.stdin.end();
  }

  private async execute(): Promise<void> {
    // As with a real process, its first output comes after whoever started it has heard that it runs.
    await Promise.resolve();
    const code = await this.options.program(this.context());
    if (this.alive) this.finish({ code, signal: 0 });
  }

  private context(): FakeProgramContext {
    const say = (stream: 'stdout' | 'stderr', text: string | Uint8Array): void => {
      if (!this.alive) return;
      this.options.onOutput(stream, typeof text === 'string' ? new TextEncoder().encode(text) : text);
    };
    const currentSize = (): TerminalSize | null => this.terminalSize;
    return {
      args: this.options.args,
      env: this.options.env,
      stdin: this.stdin,
      get size() {
        return currentSize();
      },
      stdout: (text) => say('stdout', text),
      stderr: (text) => say('stderr', text),
      trap: (signal, code) => void this.traps.set(signal, code),
      forever: () => new Promise<never>(() => undefined),
    };
  }
}
