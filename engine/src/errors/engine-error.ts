import type { ErrorCode } from './error-code.ts';

/** What a machine can use of a failure. All fields survive structuredClone and JSON. */
export interface ErrorDetail {
  /** The step that failed, a kernel or OCI word: `overlay`, `exec`, `digest`, `manifest`. */
  readonly step?: string;
  /** The kernel's errno by name (`ENOSPC`), when the kernel refused. */
  readonly errno?: string;
  /** The path, reference, digest or name that the step worked on. */
  readonly path?: string;
  /** The exit code that a shell would give, for commands that could not be run: 125, 126 or 127. */
  readonly exitCode?: number;
}

export interface EngineErrorOptions {
  readonly detail?: ErrorDetail;
  /** What the person can do about it, one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * An expected failure. `message` is one sentence in the person's words; a bug is any other Error and is shown
 * as `internal`.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: EngineErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = options.detail ?? {};
    this.hint = options.hint;
  }
}

export function isEngineError(value: unknown, code?: ErrorCode): value is EngineError {
  return value instanceof EngineError && (code === undefined || value.code === code);
}
