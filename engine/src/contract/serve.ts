import type { z } from 'zod';
import { EngineError } from '../errors/engine-error.ts';
import { toEngineError, toWire } from '../errors/wire.ts';
import type { CallerMessage, HandlerChannel, HandlerMessage } from './channel.ts';
import type { HandlerContext, Handlers } from './client.ts';
import { CreditGate } from './credit.ts';
import { ItemQueue } from './item-queue.ts';
import type { Contract, Operation } from './operation.ts';

/** Values a duplex caller may have on their way to the handler. */
const UPLINK_CREDIT = 16;

/** More than this many operations at once from one caller is a fault of the caller. */
const MAX_OPERATIONS = 4096;

const MAX_CREDIT = 1024;

export interface ServeOptions {
  /** Hears every failure that is a bug (`internal`), once, before it goes to the caller. */
  readonly onInternalError?: (operation: string, error: Error) => void;
}

interface Running {
  readonly abort: AbortController;
  readonly downlink: CreditGate;
  readonly uplink: ItemQueue<unknown>;
  readonly up: z.ZodType | undefined;
  /** How many `up`s the caller may still send. */
  uplinkCredit: number;
}

type AnyHandler = (input: unknown, ...rest: readonly unknown[]) => unknown;

/**
 * The handlers' end of a door: checks every input against the contract and runs the handlers until the channel
 * closes; then everything under way is aborted.
 */
export function serve<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  channel: HandlerChannel,
  options: ServeOptions = {},
): void {
  const server = new Server(contract, handlers, channel, options);
  channel.onMessage((message) => server.receive(message));
  channel.onClose(() => server.close());
}

class Server {
  private readonly contract: Contract;
  private readonly handlers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  private readonly channel: HandlerChannel;
  private readonly options: ServeOptions;
  private readonly running = new Map<number, Running>();

  constructor(
    contract: Contract,
    handlers: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
    channel: HandlerChannel,
    options: ServeOptions,
  ) {
    this.contract = contract;
    this.handlers = handlers;
    this.channel = channel;
    this.options = options;
  }

  receive(message: CallerMessage): void {
    if (message.t === 'open') {
      this.open(message);
      return;
    }
    const running = this.running.get(message.id);
    if (running === undefined) return;
    switch (message.t) {
      case 'credit':
        running.downlink.grant(boundedCredit(message.credit));
        return;
      case 'cancel':
        this.stop(message.id, running);
        return;
      case 'up-end':
        running.uplink.finish();
        return;
      case 'up':
        this.receiveUp(message.id, running, message.value);
    }
  }

  close(): void {
    for (const [id, running] of [...this.running]) this.stop(id, running);
  }

  private open(message: Extract<CallerMessage, { t: 'open' }>): void {
    const { id, operation: name } = message;
    try {
      const [operation, handler] = this.find(name);
      if (this.running.has(id) || this.running.size >= MAX_OPERATIONS) {
        throw new EngineError('failed-precondition', 'Too many operations are under way on this connection.');
      }
      const input = parseInput(operation.input, message.input, name);
      const running = this.begin(id, operation, boundedCredit(message.credit));
      void this.run(id, name, running, operation, () => handler(input, ...this.rest(operation, running)));
    } catch (error) {
      this.send({ t: 'error', id, error: toWire(error) });
    }
  }

  private find(name: string): readonly [Operation, AnyHandler] {
    const [noun = '', verb = ''] = name.split('.');
    const operation = ownEntry(ownEntry(this.contract, noun), verb);
    // The contract has the name itself, so it cannot be one that every object inherits.
    const handlers = this.handlers[noun];
    const handler = operation === undefined ? undefined : handlers?.[verb];
    if (operation === undefined || typeof handler !== 'function') {
      throw new EngineError('not-implemented', `This engine has no operation "${name.slice(0, 100)}".`);
    }
    return [operation, (handler as AnyHandler).bind(handlers)];
  }

  private begin(id: number, operation: Operation, credit: number): Running {
    const running: Running = {
      abort: new AbortController(),
      downlink: new CreditGate(credit),
      uplink: new ItemQueue({
        onTaken: () => {
          running.uplinkCredit += 1;
          this.send({ t: 'credit', id, credit: 1 });
        },
      }),
      up: operation.kind === 'duplex' ? operation.up : undefined,
      uplinkCredit: UPLINK_CREDIT,
    };
    this.running.set(id, running);
    if (operation.kind === 'duplex') this.send({ t: 'credit', id, credit: UPLINK_CREDIT });
    return running;
  }

  private rest(operation: Operation, running: Running): readonly unknown[] {
    const context: HandlerContext = { signal: running.abort.signal };
    return operation.kind === 'duplex' ? [running.uplink, context] : [context];
  }

  private async run(
    id: number,
    name: string,
    running: Running,
    operation: Operation,
    handle: () => unknown,
  ): Promise<void> {
    try {
      if (operation.kind === 'call') {
        this.finish(id, { t: 'result', id, value: await handle() });
        return;
      }
      for await (const value of handle() as AsyncIterable<unknown>) {
        await running.downlink.take();
        this.send({ t: 'item', id, value });
      }
      this.finish(id, { t: 'end', id });
    } catch (thrown) {
      const error = toEngineError(thrown);
      if (error.code === 'internal') this.options.onInternalError?.(name, error);
      this.finish(id, { t: 'error', id, error: toWire(error) });
    }
  }

  private receiveUp(id: number, running: Running, value: unknown): void {
    try {
      if (running.up === undefined || running.uplinkCredit <= 0) {
        throw new EngineError('failed-precondition', 'The caller sent more than it was allowed to.');
      }
      running.uplinkCredit -= 1;
      running.uplink.push(parseInput(running.up, value, 'input'));
    } catch (error) {
      this.finish(id, { t: 'error', id, error: toWire(error) });
      running.abort.abort(error);
    }
  }

  /** The caller is gone: nothing is said to it any more. */
  private stop(id: number, running: Running): void {
    this.running.delete(id);
    const reason = new EngineError('cancelled', 'The operation was cancelled.');
    running.abort.abort(reason);
    running.downlink.fail(reason);
    running.uplink.finish();
  }

  private finish(id: number, message: HandlerMessage): void {
    if (!this.running.delete(id)) return;
    this.channel.send(message);
  }

  private send(message: HandlerMessage): void {
    if (message.t === 'error' || this.running.has(message.id)) this.channel.send(message);
  }
}

/** What came in, with what the schema fills in; fails `invalid-argument` with the field that is wrong. */
export function parseInput(schema: z.ZodType, value: unknown, operation: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? operation : issue.path.map(String).join('.');
  throw new EngineError('invalid-argument', `${where}: ${issue?.message ?? 'not valid'}`, {
    detail: { path: where },
  });
}

function boundedCredit(credit: unknown): number {
  return typeof credit === 'number' && credit > 0 ? Math.min(Math.floor(credit), MAX_CREDIT) : 0;
}

/** A property of the object itself: names from outside must not reach a prototype. */
function ownEntry<T>(object: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}
