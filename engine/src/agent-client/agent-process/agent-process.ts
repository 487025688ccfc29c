import type { Clock } from '../../clock.ts';
import { EngineError, fromWire, toEngineError, toWire } from '../../errors/index.ts';
import type { AgentState } from '../../types/index.ts';
import type { Gate } from '../gate.ts';
import type { HelloResponse } from '../generated/longshore/agent/v1/system.ts';
import { probeSocket } from './probe.ts';
import { fileAppears } from './socket-watch.ts';

const CONNECT_WITHIN_MS = 5_000;
const FIRST_BACK_OFF_MS = 200;
const LAST_BACK_OFF_MS = 30_000;
/** One that has served for so long did not fall over its own start. */
const STABLE_AFTER_MS = 10_000;

/** The connection to whichever agent listens on the socket. */
export interface AgentLine {
  connect(withinMs: number, signal: AbortSignal): Promise<void>;
  hello(signal: AbortSignal): Promise<HelloResponse>;
  lost(signal: AbortSignal): Promise<void>;
}

export interface AgentProcessParts {
  readonly line: AgentLine;
  readonly socketPath: string;
  /** Starts an agent and resolves when it serves; asks a person for the rights only if `mayAsk`. */
  readonly launch: (mayAsk: boolean) => Promise<void>;
  /** Whether a start that failed may be tried again without bothering anyone. */
  readonly retries: boolean;
  readonly clock: Clock;
}

/**
 * Sees to it that there is an agent: finds one that runs, or starts one; when it dies, again, with growing pauses. A
 * person is asked for rights at the first start and when they ask for one, never by a restart behind their back.
 */
export class AgentProcess implements Gate, AsyncDisposable {
  private readonly parts: AgentProcessParts;
  private readonly closing = new AbortController();
  private readonly listeners = new Set<(state: AgentState) => void>();
  private readonly running: Promise<void>;
  private current: AgentState = { status: 'starting', step: 'connect' };
  private tryAgain: () => void = () => undefined;
  private mayAsk = true;
  private backOff = FIRST_BACK_OFF_MS;
  private lastHello: HelloResponse | null = null;

  constructor(parts: AgentProcessParts) {
    this.parts = parts;
    this.running = this.run();
  }

  get state(): AgentState {
    return this.current;
  }

  /** What the agent said of its machine when it was last reached. */
  get hello(): HelloResponse | null {
    return this.lastHello;
  }

  onStateChange(listener: (state: AgentState) => void): void {
    this.listeners.add(listener);
  }

  async start(): Promise<void> {
    if (this.current.status === 'unavailable') {
      this.mayAsk = true;
      this.setState({ status: 'starting', step: 'start' });
      this.tryAgain();
    }
    await this.open();
  }

  async open(signal?: AbortSignal): Promise<void> {
    if (this.current.status === 'running') return;
    const state = await this.untilState(({ status }) => status !== 'starting', signal);
    if (state.status === 'unavailable') throw fromWire(state.error);
  }

  async opened(signal: AbortSignal): Promise<void> {
    if (this.current.status === 'running') return;
    await this.untilState(({ status }) => status === 'running', signal);
  }

  /** The agent itself runs on. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.closing.abort(closed());
    await this.running;
    this.setState({ status: 'unavailable', error: toWire(closed()) });
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    const isClosing = (): boolean => signal.aborted;
    while (!isClosing()) {
      try {
        await this.serveOnce(signal);
      } catch (thrown) {
        if (isClosing()) return;
        this.setState({ status: 'unavailable', error: toWire(toEngineError(thrown)) });
        await this.nextAttempt(signal);
      }
    }
  }

  /** From finding an agent to losing it. */
  private async serveOnce(signal: AbortSignal): Promise<void> {
    const hello = await this.reach(signal);
    this.lastHello = hello;
    this.mayAsk = false;
    this.setState({ status: 'running', pid: hello.pid, version: hello.agentVersion });
    const since = this.parts.clock.now().getTime();
    await this.parts.line.lost(signal);
    if (signal.aborted) return;
    this.setState({ status: 'starting', step: 'reconnect' });
    const served = this.parts.clock.now().getTime() - since;
    if (served >= STABLE_AFTER_MS) this.backOff = FIRST_BACK_OFF_MS;
    else await this.pause(signal);
  }

  private async reach(signal: AbortSignal): Promise<HelloResponse> {
    const { line, socketPath, launch } = this.parts;
    const found = await probeSocket(socketPath);
    if (found === 'closed') throw notOurs(socketPath);
    if (found === 'nobody') {
      this.setState({ status: 'starting', step: 'start' });
      await launch(this.mayAsk);
    }
    this.setState({ status: 'starting', step: 'connect' });
    await line.connect(CONNECT_WITHIN_MS, signal);
    return line.hello(signal);
  }

  /** Until a person asks, an agent appears that someone else has started, or, where nobody is bothered, a pause. */
  private async nextAttempt(signal: AbortSignal): Promise<void> {
    const done = new AbortController();
    const either = AbortSignal.any([signal, done.signal]);
    try {
      await Promise.race([
        new Promise<void>((resolve) => (this.tryAgain = resolve)),
        fileAppears(this.parts.socketPath, either),
        this.parts.retries ? this.pause(either) : ended(either),
      ]);
    } finally {
      done.abort();
      this.tryAgain = () => undefined;
    }
  }

  private async pause(signal: AbortSignal): Promise<void> {
    const pause = this.backOff;
    this.backOff = Math.min(pause * 2, LAST_BACK_OFF_MS);
    await Promise.race([this.parts.clock.sleep(pause, signal).catch(() => undefined), ended(signal)]);
  }

  private setState(state: AgentState): void {
    this.current = state;
    for (const tell of [...this.listeners]) tell(state);
  }

  private untilState(
    wanted: (state: AgentState) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<AgentState> {
    if (wanted(this.current)) return Promise.resolve(this.current);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.listeners.delete(listener);
        signal?.removeEventListener('abort', onAbort);
      };
      const listener = (state: AgentState): void => {
        if (!wanted(state)) return;
        leave();
        resolve(state);
      };
      const onAbort = (): void => {
        leave();
        reject(toEngineError(signal?.reason));
      };
      if (signal?.aborted === true) {
        onAbort();
        return;
      }
      this.listeners.add(listener);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function closed(): EngineError {
  return new EngineError('unavailable', 'The engine is closed.');
}

function notOurs(socketPath: string): EngineError {
  return new EngineError('permission-denied', 'The agent on this socket belongs to another user.', {
    detail: { step: 'agent', errno: 'EACCES', path: socketPath },
    hint: 'End that agent, or use folders of your own: --data DIR.',
  });
}
