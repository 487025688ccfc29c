import type { z } from 'zod';
import type { Call, Contract, Duplex, Operation, Stream } from './operation.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** The caller's end of a duplex operation. Leaving the iteration, or aborting, closes both directions. */
export interface DuplexCall<U, T> extends AsyncIterable<T> {
  /** Resolves when the other side has room for more; rejects when the operation has ended. */
  send(value: U): Promise<void>;
  /** Half-close: nothing more will be sent. */
  end(): void;
}

type ClientOperation<O extends Operation> =
  O extends Call<infer I, infer R>
    ? (input: z.input<I>, options?: CallOptions) => Promise<R>
    : O extends Duplex<infer I, infer U, infer T>
      ? (input: z.input<I>, options?: CallOptions) => DuplexCall<z.input<U>, T>
      : O extends Stream<infer I, infer T>
        ? (input: z.input<I>, options?: CallOptions) => AsyncIterable<T>
        : never;

export type Client<C extends Contract> = {
  readonly [N in keyof C]: { readonly [M in keyof C[N]]: ClientOperation<C[N][M]> };
};

export interface HandlerContext {
  /** Aborted when the caller cancels or goes away. */
  readonly signal: AbortSignal;
}

type HandlerOperation<O extends Operation> =
  O extends Call<infer I, infer R>
    ? (input: z.output<I>, context: HandlerContext) => Promise<R>
    : O extends Duplex<infer I, infer U, infer T>
      ? (input: z.output<I>, up: AsyncIterable<z.output<U>>, context: HandlerContext) => AsyncIterable<T>
      : O extends Stream<infer I, infer T>
        ? (input: z.output<I>, context: HandlerContext) => AsyncIterable<T>
        : never;

/** What an engine, or a fake, implements: an operation without a handler does not compile. */
export type Handlers<C extends Contract> = {
  readonly [N in keyof C]: { readonly [M in keyof C[N]]: HandlerOperation<C[N][M]> };
};
