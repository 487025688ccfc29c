import type { DuplexCall } from '../../contract/index.ts';

/**
 * Sends a request's body into an operation, as fast as that takes it, and hands on what it says. A body that breaks off
 * ends the operation unfinished.
 */
export async function* upload<T>(
  call: DuplexCall<Uint8Array, T>,
  body: AsyncIterable<Uint8Array>,
): AsyncIterable<T> {
  let broken: unknown;
  const items = call[Symbol.asyncIterator]();
  const sending = send(call, body).catch((thrown: unknown) => {
    broken = thrown;
    return items.return?.();
  });
  try {
    for (let next = await items.next(); next.done !== true; next = await items.next()) yield next.value;
  } finally {
    void sending;
  }
  if (broken !== undefined) throw broken as Error;
}

async function send(call: DuplexCall<Uint8Array, unknown>, body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of body) {
    if (piece.length > 0) await call.send(piece);
  }
  call.end();
}
