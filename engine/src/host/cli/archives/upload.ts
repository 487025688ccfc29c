import type { DuplexCall } from '../../../contract/index.ts';

/**
 * Sends all pieces while progress is heard, to the call's end. Both directions at once: a refusal ends the sending, and
 * a source that fails ends the call.
 */
export async function upload<P>(
  call: DuplexCall<Uint8Array, P>,
  pieces: AsyncIterable<Uint8Array>,
  onProgress: (progress: P) => void,
): Promise<void> {
  const source = pieces[Symbol.asyncIterator]();
  const answers = call[Symbol.asyncIterator]();
  let failure: { readonly thrown: unknown } | undefined;
  const fail = async (thrown: unknown): Promise<void> => {
    failure ??= { thrown };
    await answers.return?.();
  };
  send(call, source).catch(fail);
  try {
    for (let next = await answers.next(); next.done !== true; next = await answers.next())
      onProgress(next.value);
    if (failure !== undefined) throw failure.thrown;
  } catch (thrown) {
    // Of a source that fails, the call only knows that it was left.
    throw failure === undefined ? thrown : failure.thrown;
  } finally {
    await answers.return?.();
    // A source that waits for somebody to type is left to itself.
    void source.return?.();
  }
}

async function send<P>(call: DuplexCall<Uint8Array, P>, source: AsyncIterator<Uint8Array>): Promise<void> {
  for (let next = await source.next(); next.done !== true; next = await source.next())
    await call.send(next.value);
  call.end();
}
