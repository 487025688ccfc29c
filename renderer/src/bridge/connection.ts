import { type CallerChannel, contract, createClient, type EngineClient } from '@longshore/engine/contract';
import { EngineError } from '@longshore/engine/errors';

export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused';

/** Opens one new channel to the engine. Throws `SessionRefused` when trying again cannot help. */
export type OpenChannel = () => Promise<CallerChannel>;

export class SessionRefused extends Error {
  override readonly name = 'SessionRefused';
}

export interface ConnectionTimers {
  set(run: () => void, milliseconds: number): unknown;
  clear(timer: unknown): void;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 8000;

const browserTimers: ConnectionTimers = {
  set: (run, milliseconds) => setTimeout(run, milliseconds),
  clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/**
 * Keeps one door to the engine open, and opens the next with growing pauses when it closes. `client` stays the same
 * object for the connection's whole life; what is called while no door is open fails with `unavailable`.
 */
export class EngineConnection implements Disposable {
  readonly client: EngineClient;
  private readonly openChannel: OpenChannel;
  private readonly timers: ConnectionTimers;
  private readonly listeners = new Set<() => void>();
  private current: EngineClient | undefined;
  private channel: CallerChannel | undefined;
  private delay = FIRST_DELAY_MS;
  private timer: unknown;
  private value: ConnectionState = 'connecting';
  private disposed = false;

  constructor(openChannel: OpenChannel, timers: ConnectionTimers = browserTimers) {
    this.openChannel = openChannel;
    this.timers = timers;
    this.client = forwardingClient(() => this.current);
    void this.connect();
  }

  get state(): ConnectionState {
    return this.value;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Without waiting for the pause to end. */
  retryNow(): void {
    if (this.value === 'open' || this.disposed) return;
    this.timers.clear(this.timer);
    void this.connect();
  }

  [Symbol.dispose](): void {
    this.disposed = true;
    this.timers.clear(this.timer);
    this.channel?.close();
  }

  private async connect(): Promise<void> {
    try {
      const channel = await this.openChannel();
      if (this.disposed) {
        channel.close();
        return;
      }
      this.channel = channel;
      this.current = createClient(contract, channel);
      channel.onClose(() => this.lost());
      this.delay = FIRST_DELAY_MS;
      this.become('open');
    } catch (error) {
      if (error instanceof SessionRefused) this.become('refused');
      else this.lost();
    }
  }

  private lost(): void {
    this.current = undefined;
    this.channel = undefined;
    if (this.disposed) return;
    this.timer = this.timers.set(() => void this.connect(), this.delay);
    this.delay = Math.min(this.delay * 2, LONGEST_DELAY_MS);
    this.become('lost');
  }

  private become(state: ConnectionState): void {
    if (this.value === state) return;
    this.value = state;
    for (const listener of this.listeners) listener();
  }
}

type AnyOperation = (...input: readonly unknown[]) => unknown;

function forwardingClient(current: () => EngineClient | undefined): EngineClient {
  const client: Record<string, Record<string, AnyOperation>> = {};
  for (const [noun, operations] of Object.entries(contract)) {
    const verbs: Record<string, AnyOperation> = {};
    for (const verb of Object.keys(operations)) {
      verbs[verb] = (...input) => {
        const target = current() as Record<string, Record<string, AnyOperation>> | undefined;
        const operation = target?.[noun]?.[verb];
        if (operation === undefined) throw notConnected();
        return operation(...input);
      };
    }
    client[noun] = verbs;
  }
  // The loops above make exactly the shape of EngineClient; TypeScript cannot follow them.
  return client as unknown as EngineClient;
}

function notConnected(): EngineError {
  return new EngineError('unavailable', 'Longshore is not connected to its engine.', {
    hint: 'It connects again by itself as soon as the engine answers.',
  });
}
