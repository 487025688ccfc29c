import type { z } from 'zod';
import { EngineError } from '../errors/engine-error.ts';
import type { CallOptions, Client, DuplexCall, Handlers } from './client.ts';
import { CreditGate } from './credit.ts';
import { ItemQueue } from './item-queue.ts';
import type { Contract, Operation } from './operation.ts';
import { parseInput } from './serve.ts';

/** Values a duplex caller may have on their way to the handler. */
const UPLINK_CREDIT = 16;

type AnyHandler = (input: unknown, ...rest: readonly unknown[]) => unknown;

/**
 * A client of handlers in the same process, without a door between: inputs are checked as at every door, answers and
 * errors pass as they are. For callers that translate another protocol, thousands of calls a second.
 */
export function directClient<C extends Contract>(contract: C, handlers: Handlers<C>): Client<C> {
  const client: Record<string, Record<string, unknown>> = {};
  for (const [noun, operations] of Object.entries(contract)) {
    const verbs: Record<string, unknown> = {};
    for (const [verb, operation] of Object.entries(operations)) {
      // The noun's object is looked up with each call: a verb may be a method of it.
      const nouns = handlers as Readonly<Record<string, Readonly<Record<string, AnyHandler>>>>;
      const handle: AnyHandler = (...args) => nouns[noun]?.[verb]?.(...args);
      verbs[verb] = bind(`${noun}.${verb}`, operation, handle);
    }
    client[noun] = verbs;
  }
  // The loop above makes exactly the shape that Client<C> describes; TypeScript cannot follow it.
  return client as unknown as Client<C>;
}

function bind(name: string, operation: Operation, handle: AnyHandler): unknown {
  switch (operation.kind) {
    case 'call':
      return async (input: unknown, options: CallOptions = {}) =>
        handle(parseInput(operation.input, input, name), contextOf(options));
    case 'stream':
      return (input: unknown, options: CallOptions = {}) =>
        lazily(() => handle(parseInput(operation.input, input, name), contextOf(options)));
    case 'duplex':
      return (input: unknown, options: CallOptions = {}) =>
        openDuplex(operation.up, (up) =>
          handle(parseInput(operation.input, input, name), up, contextOf(options)),
        );
  }
}

function contextOf({ signal }: CallOptions): { readonly signal: AbortSignal } {
  return { signal: signal ?? new AbortController().signal };
}

/** Begun at once, as behind a door; what it throws at its beginning is told to who reads. */
function lazily(begin: () => unknown): AsyncIterable<unknown> {
  try {
    return begin() as AsyncIterable<unknown>;
  } catch (thrown) {
    return failing(thrown);
  }
}

// eslint-disable-next-line require-yield -- its only item is its failure
async function* failing(thrown: unknown): AsyncGenerator<never> {
  await Promise.resolve();
  throw thrown;
}

function openDuplex(
  up: z.ZodType,
  begin: (up: AsyncIterable<unknown>) => unknown,
): DuplexCall<unknown, unknown> {
  const uplink = new CreditGate(UPLINK_CREDIT);
  const over = (): void =>
    uplink.fail(
      new EngineError('failed-precondition', 'The operation has ended; nothing more can be sent to it.'),
    );
  // A handler that leaves its input half read wants no more of it.
  const values = new ItemQueue<unknown>({ onTaken: () => uplink.grant(1), onLeft: over });
  const items = lazily(() => begin(values));
  return {
    send: async (value) => {
      await uplink.take();
      values.push(parseInput(up, value, 'input'));
    },
    end: () => values.finish(),
    [Symbol.asyncIterator]: () => ending(items, over),
  };
}

async function* ending(items: AsyncIterable<unknown>, over: () => void): AsyncGenerator {
  try {
    yield* items;
  } finally {
    over();
  }
}
