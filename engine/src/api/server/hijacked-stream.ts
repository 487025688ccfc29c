import { once } from 'node:events';
import type { Duplex } from 'node:stream';

/** A connection whose HTTP is over: bytes in both directions, each of which can end before the other. */
export class HijackedStream {
  /** Aborted when the client has gone wholly. */
  readonly signal: AbortSignal;
  private readonly socket: Duplex;

  constructor(socket: Duplex, signal: AbortSignal) {
    this.socket = socket;
    this.signal = signal;
  }

  /** To the client's half-close. Leaving it leaves the connection as it is. */
  async *input(): AsyncIterable<Uint8Array> {
    try {
      yield* this.socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    } catch (thrown) {
      // A connection that breaks has said all it had to say.
      if (!this.signal.aborted && !this.socket.destroyed) throw thrown;
    }
  }

  /** Resolves when there is room for more. */
  async write(data: Uint8Array): Promise<void> {
    if (this.socket.destroyed || this.socket.write(data)) return;
    const settled = new AbortController();
    const { signal } = settled;
    try {
      await Promise.race([once(this.socket, 'drain', { signal }), once(this.socket, 'close', { signal })]);
    } catch {
      // Broken meanwhile; `signal` tells.
    } finally {
      settled.abort();
    }
  }
}
