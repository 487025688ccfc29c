import { EngineError } from '../errors/engine-error.ts';
import { fromWire } from '../errors/wire.ts';
import type { CallerChannel, CallerMessage, HandlerMessage } from './channel.ts';
import type { CallOptions, Client, DuplexCall } from './client.ts';
import { CreditGate } from './credit.ts';
import { ItemQueue } from './item-queue.ts';
import type { Contract, Operation } from './operation.ts';

/** Items a stream may have on their way to the caller. */
const STREAM_CREDIT = 16;

interface Pending {
  readonly items: ItemQueue<unknown>;
  readonly uplink: CreditGate;
}

/**
 * The caller's end of a door: a typed client of `contract` over a channel. When the channel closes, everything under
 * way fails with `unavailable`.
 */
export function createClient<C extends Contract>(contract: C, channel: CallerChannel): Client<C> {
  const caller = new Caller(channel);
  const client: Record<string, Record<string, unknown>> = {};
  for (const [noun, operations] of Object.entries(contract)) {
    const verbs: Record<string, unknown> = {};
    for (const [verb, operation] of Object.entries(operations)) {
      verbs[verb] = caller.bind(`${noun}.${verb}`, operation.kind);
    }
    client[noun] = verbs;
  }
  // The loop above makes exactly the shape that Client<C> describes; TypeScript cannot follow it.
  return client as unknown as Client<C>;
}

class Caller {
  private readonly channel: CallerChannel;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private closed = false;

  constructor(channel: CallerChannel) {
    this.channel = channel;
    channel.onMessage((message) => this.receive(message));
    channel.onClose(() => this.failAll());
  }

  bind(operation: string, kind: Operation['kind']): unknown {
    if (kind === 'call') {
      return (input: unknown, options?: CallOptions) => this.call(operation, input, options);
    }
    return (input: unknown, options?: CallOptions) => this.open(operation, kind, input, options);
  }

  private async call(operation: string, input: unknown, options?: CallOptions): Promise<unknown> {
    for await (const value of this.open(operation, 'call', input, options)) return value;
    throw new EngineError('internal', `The engine ended ${operation} without an answer.`);
  }

  private open(
    operation: string,
    kind: Operation['kind'],
    input: unknown,
    options: CallOptions = {},
  ): DuplexCall<unknown, unknown> {
    const id = ++this.lastId;
    const signal = options.signal;
    const onAbort = () => this.abandon(id);
    const finished = () => {
      signal?.removeEventListener('abort', onAbort);
      this.pending.delete(id);
    };
    const entry: Pending = {
      items: new ItemQueue({
        onTaken: () => {
          if (kind !== 'call') this.post({ t: 'credit', id, credit: 1 }, id);
        },
        onLeft: () => this.abandon(id),
        onFinished: finished,
      }),
      uplink: new CreditGate(),
    };
    this.pending.set(id, entry);
    if (signal?.aborted === true) {
      this.fail(id, cancelled());
    } else if (this.closed) {
      this.fail(id, gone());
    } else {
      signal?.addEventListener('abort', onAbort, { once: true });
      this.post({ t: 'open', id, operation, input, credit: STREAM_CREDIT }, id);
    }
    return {
      send: async (value) => {
        await entry.uplink.take();
        this.post({ t: 'up', id, value }, id);
      },
      end: () => this.post({ t: 'up-end', id }, id),
      [Symbol.asyncIterator]: () => entry.items,
    };
  }

  private receive(message: HandlerMessage): void {
    const entry = this.pending.get(message.id);
    if (entry === undefined) return;
    switch (message.t) {
      case 'item':
        entry.items.push(message.value);
        return;
      case 'result':
        entry.items.push(message.value);
        entry.items.finish();
        return;
      case 'credit':
        entry.uplink.grant(message.credit);
        return;
      case 'end':
        entry.uplink.fail(ended());
        entry.items.finish();
        return;
      case 'error':
        this.fail(message.id, fromWire(message.error));
    }
  }

  private fail(id: number, error: EngineError): void {
    const entry = this.pending.get(id);
    entry?.uplink.fail(error);
    entry?.items.finish(error);
  }

  private abandon(id: number): void {
    if (!this.pending.has(id)) return;
    this.post({ t: 'cancel', id }, id);
    this.fail(id, cancelled());
  }

  private post(message: CallerMessage, id: number): void {
    if (!this.closed && this.pending.has(id)) this.channel.send(message);
  }

  private failAll(): void {
    this.closed = true;
    for (const id of [...this.pending.keys()]) this.fail(id, gone());
  }
}

function cancelled(): EngineError {
  return new EngineError('cancelled', 'The operation was cancelled.');
}

function ended(): EngineError {
  return new EngineError('failed-precondition', 'The operation has ended; nothing more can be sent to it.');
}

function gone(): EngineError {
  return new EngineError('unavailable', 'The connection to the engine was lost.', {
    hint: 'Longshore connects again by itself as soon as the engine answers.',
  });
}
