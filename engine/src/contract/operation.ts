import type { z } from 'zod';

/**
 * The three shapes an operation can have. Inputs are schemas, checked at every door before a handler sees them;
 * outputs are types alone, since only the engine makes them. `output<T>()` carries such a type.
 */
export interface Output<T> {
  readonly type?: T;
}

export function output<T>(): Output<T> {
  return {};
}

/** One question, one answer. */
export interface Call<I extends z.ZodType = z.ZodType, O = unknown> {
  readonly kind: 'call';
  readonly input: I;
  readonly output: Output<O>;
}

/** One question, items until the end, an error, or the caller's abort. */
export interface Stream<I extends z.ZodType = z.ZodType, T = unknown> {
  readonly kind: 'stream';
  readonly input: I;
  readonly item: Output<T>;
}

/** A stream into which the caller sends as well. */
export interface Duplex<I extends z.ZodType = z.ZodType, U extends z.ZodType = z.ZodType, T = unknown> {
  readonly kind: 'duplex';
  readonly input: I;
  readonly up: U;
  readonly item: Output<T>;
}

export type Operation = Call | Stream | Duplex;
export type Contract = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

export function call<I extends z.ZodType, O>(input: I, out: Output<O>): Call<I, O> {
  return { kind: 'call', input, output: out };
}

export function stream<I extends z.ZodType, T>(input: I, item: Output<T>): Stream<I, T> {
  return { kind: 'stream', input, item };
}

export function duplex<I extends z.ZodType, U extends z.ZodType, T>(
  input: I,
  up: U,
  item: Output<T>,
): Duplex<I, U, T> {
  return { kind: 'duplex', input, up, item };
}
