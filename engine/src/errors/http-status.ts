import type { ErrorCode } from './error-code.ts';

const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  'not-found': 404,
  'already-exists': 409,
  'invalid-argument': 400,
  'failed-precondition': 409,
  conflict: 409,
  unauthenticated: 401,
  'permission-denied': 403,
  unavailable: 503,
  cancelled: 499,
  'not-implemented': 501,
  internal: 500,
};

export function httpStatusOf(code: ErrorCode): number {
  return HTTP_STATUS[code];
}
