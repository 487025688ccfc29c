import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { EngineError, isEngineError } from '../errors/index.ts';
import { channelPair } from './channel-pair.ts';
import type { HandlerContext, Handlers } from './client.ts';
import { createClient } from './create-client.ts';
import { call, duplex, output, stream } from './operation.ts';
import { serve } from './serve.ts';

const contract = {
  numbers: {
    double: call(z.strictObject({ value: z.number() }), output<number>()),
    count: stream(z.strictObject({ to: z.number() }), output<number>()),
    echo: duplex(z.strictObject({}), z.string(), output<string>()),
  },
} as const;

type TestHandlers = Handlers<typeof contract>['numbers'];

const working: TestHandlers = {
  double: async ({ value }) => value * 2,
  async *count({ to }) {
    for (let n = 1; n <= to; n++) yield n;
  },
  async *echo(_input, up) {
    for await (const word of up) yield word.toUpperCase();
  },
};

function door(handlers: Partial<TestHandlers> = {}) {
  const [caller, handler] = channelPair();
  serve(contract, { numbers: { ...working, ...handlers } }, handler);
  return { client: createClient(contract, caller).numbers, caller };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('a door', () => {
  it('answers calls', async () => {
    expect(await door().client.double({ value: 21 })).toBe(42);
  });

  it('refuses input that the contract does not allow, before a handler sees it', async () => {
    const double = vi.fn(working.double);
    const { client } = door({ double });
    const wrong = { value: 'x' } as unknown as { value: number };
    await expect(client.double(wrong)).rejects.toMatchObject({
      code: 'invalid-argument',
      detail: { path: 'value' },
    });
    expect(double).not.toHaveBeenCalled();
  });

  it('carries the class, detail and hint of an error', async () => {
    const error = new EngineError('conflict', 'In use.', { hint: 'Stop it.', detail: { path: 'a' } });
    const { client } = door({ double: () => Promise.reject(error) });
    await expect(client.double({ value: 1 })).rejects.toMatchObject({
      code: 'conflict',
      message: 'In use.',
      hint: 'Stop it.',
      detail: { path: 'a' },
    });
  });

  it('streams every item in order', async () => {
    const items = await collect(door().client.count({ to: 1000 }));
    expect(items).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
  });

  it('delivers the items before an error', async () => {
    async function* count() {
      yield 1;
      throw new EngineError('unavailable', 'gone');
    }
    const seen: number[] = [];
    const reading = (async () => {
      for await (const item of door({ count }).client.count({ to: 9 })) seen.push(item);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'unavailable' });
    expect(seen).toEqual([1]);
  });

  it('does not let a fast handler run ahead of a slow reader', async () => {
    let made = 0;
    async function* count() {
      for (;;) yield ++made;
    }
    const iterator = door({ count }).client.count({ to: 0 })[Symbol.asyncIterator]();
    await iterator.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(made).toBeLessThan(40);
    await iterator.return?.();
  });

  it('tells the handler when the reader leaves', async () => {
    const left = withResolvers<HandlerContext['signal']>();
    async function* count(_input: { to: number }, { signal }: HandlerContext) {
      signal.addEventListener('abort', () => left.resolve(signal));
      for (let n = 0; ; n++) yield n;
    }
    for await (const item of door({ count }).client.count({ to: 0 })) if (item === 3) break;
    expect((await left.promise).aborted).toBe(true);
  });

  it('cancels by the signal of the caller', async () => {
    const { client } = door({ double: () => new Promise(() => {}) });
    const abort = new AbortController();
    const pending = client.double({ value: 1 }, { signal: abort.signal });
    abort.abort();
    await expect(pending).rejects.toSatisfy((error) => isEngineError(error, 'cancelled'));
  });

  it('carries both directions of a duplex, with half-close', async () => {
    const echo = door().client.echo({});
    const sent = (async () => {
      for (let n = 0; n < 100; n++) await echo.send(`word ${n}`);
      echo.end();
    })();
    const words = await collect(echo);
    await sent;
    expect(words).toHaveLength(100);
    expect(words.at(-1)).toBe('WORD 99');
  });

  it('holds a sender back while the handler does not read', async () => {
    async function* echo(_input: object, _up: AsyncIterable<string>, { signal }: HandlerContext) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      yield* [];
    }
    const abort = new AbortController();
    const call = door({ echo }).client.echo({}, { signal: abort.signal });
    let sent = 0;
    const sending = (async () => {
      for (;;) {
        await call.send('x');
        sent++;
      }
    })();
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toBe(16);
    abort.abort();
    await expect(sending).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('fails everything under way when the channel closes', async () => {
    const { client, caller } = door({ double: () => new Promise(() => {}) });
    const pending = client.double({ value: 1 });
    caller.close();
    await expect(pending).rejects.toMatchObject({ code: 'unavailable' });
    await expect(client.double({ value: 1 })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('has no operation that the contract does not name', async () => {
    const [caller, handler] = channelPair();
    serve(contract, { numbers: working }, handler);
    const answer = new Promise((resolve) => caller.onMessage(resolve));
    caller.send({ t: 'open', id: 1, operation: 'constructor.constructor', input: {}, credit: 1 });
    expect(await answer).toMatchObject({ t: 'error', error: { code: 'not-implemented' } });
  });
});

/** Promise.withResolvers, which Node 20 does not have. */
function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
