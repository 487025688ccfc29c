import {
  type CallOptions as GrpcOptions,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientUnaryCall,
  type ClientWritableStream,
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

/**
 * Sends until the source ends, and resolves with the answer. What is sent waits for the receiver; a source that fails,
 * or the signal, cancels the call.
 */
export async function sent<Q, R>(
  open: (done: Callback<R>) => ClientWritableStream<Q>,
  requests: AsyncIterable<Q>,
  signal?: AbortSignal,
): Promise<R> {
  if (signal?.aborted === true) throw toEngineError(signal.reason);
  let sendError: unknown;
  const source = requests[Symbol.asyncIterator]();
  let onAbort = (): void => undefined;
  try {
    return await new Promise<R>((resolve, reject) => {
      const call = open((error, response) => {
        if (error === null) resolve(response);
        else reject(toEngineError(sendError ?? failureOf(error)));
      });
      onAbort = () => call.cancel();
      signal?.addEventListener('abort', onAbort, { once: true });
      send(call, source).catch((thrown: unknown) => {
        sendError = thrown;
        call.cancel();
      });
    });
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // The source may be waiting for bytes that will never come.
    void source.return?.();
  }
}

async function send<Q>(call: ClientWritableStream<Q>, source: AsyncIterator<Q>): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    call.once('close', resolve);
    call.once('end', resolve);
    call.once('error', () => resolve());
    // All that a call without a stream of answers says.
    call.once('status', () => resolve());
  });
  for (;;) {
    const next = await source.next();
    if (next.done === true) break;
    const hasRoom = call.write(next.value);
    if (!hasRoom) await Promise.race([gone, drained(call)]);
  }
  call.end();
}

function drained(call: NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve) => call.once('drain', resolve));
}
