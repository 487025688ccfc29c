import { EngineError, type ErrorDetail } from './engine-error.ts';
import { type ErrorCode, isErrorCode } from './error-code.ts';

/** An error as it travels through any door: plain data. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail?: ErrorDetail;
  readonly hint?: string;
}

/** Any thrown value as an EngineError: an abort is `cancelled`, what is not expected is `internal`. */
export function toEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new EngineError('cancelled', 'The operation was cancelled.', { cause: thrown });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new EngineError('internal', `Something went wrong inside Longshore: ${message}`, { cause: thrown });
}

export function toWire(thrown: unknown): WireError {
  const error = toEngineError(thrown);
  return {
    code: error.code,
    message: error.message,
    ...(Object.keys(error.detail).length > 0 && { detail: error.detail }),
    ...(error.hint !== undefined && { hint: error.hint }),
  };
}

export function fromWire(wire: WireError): EngineError {
  const code = isErrorCode(wire.code) ? wire.code : 'internal';
  return new EngineError(code, wire.message, {
    ...(wire.detail !== undefined && { detail: wire.detail }),
    ...(wire.hint !== undefined && { hint: wire.hint }),
  });
}
