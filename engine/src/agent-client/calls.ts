import {
  type CallOptions as GrpcOptions,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientUnaryCall,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import { toEngineError } from '../errors/index.ts';
import { failureOf } from './failure.ts';

type Callback<R> = (error: ServiceError | null, response: R) => void;

export type UnaryMethod<Q, R> = (
  request: Q,
  metadata: Metadata,
  options: Partial<GrpcOptions>,
  callback: Callback<R>,
) => ClientUnaryCall;

/** One question, one answer, within so many milliseconds; given up when the signal fires. */
export function unary<Q, R>(
  method: UnaryMethod<Q, R>,
  request: Q,
  deadlineMs: number,
  signal?: AbortSignal,
): Promise<R> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(toEngineError(signal.reason));
      return;
    }
    const onAbort = (): void => call.cancel();
    const call = method(request, new Metadata(), { deadline: Date.now() + deadlineMs }, (error, response) => {
      signal?.removeEventListener('abort', onAbort);
      if (error === null) resolve(response);
      else reject(toEngineError(failureOf(error)));
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * The messages of a call, one read at a time: a reader that is slow holds the sender back. Leaving the iteration, or
 * the signal, cancels the call.
 */
export async function* received<T>(call: ClientReadableStream<T>, signal?: AbortSignal): AsyncIterable<T> {
  const onAbort = (): void => call.cancel();
  signal?.addEventListener('abort', onAbort, { once: true });
  // Cancelling makes the stream fail once more, after the last reader has left.
  call.on('error', () => undefined);
  try {
    if (signal?.aborted === true) call.cancel();
    for await (const message of call) yield message as T;
  } catch (thrown) {
    throw toEngineError(failureOf(thrown));
  } finally {
    signal?.removeEventListener('abort', onAbort);
    call.cancel();
  }
}

/** The same for a call in two directions; what is sent waits for the receiver. */
export async function* exchanged<Q, R>(
  call: ClientDuplexStream<Q, R>,
  requests: AsyncIterable<Q>,
  signal?: AbortSignal,
): AsyncIterable<R> {
  const source = requests[Symbol.asyncIterator]();
  let sendError: unknown;
  const sending = send(call, source).catch((thrown: unknown) => {
    sendError = thrown;
    call.cancel();
  });
  try {
    yield* received(call, signal);
  } catch (thrown) {
    throw sendError ?? thrown;
  } finally {
    // The source may be waiting for a person who will never type again.
    void source.return?.();
    void sending;
  }
}

async function send<Q>(call: ClientDuplexStream<Q, unknown>, source: AsyncIterator<Q>): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    call.once('close', resolve);
    call.once('end', resolve);
    call.once('error', () => resolve());
  });
  for (;;) {
    const next = await source.next();
    if (next.done === true) break;
    const hasRoom = call.write(next.value);
    if (!hasRoom) await Promise.race([gone, drained(call)]);
  }
  call.end();
}

function drained(call: ClientDuplexStream<never, unknown> | NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve) => call.once('drain', resolve));
}
