/** The one taxonomy of expected failures; native/proto's ErrorClass has the same eleven, one to one. */
export const ERROR_CODES = [
  'not-found',
  'already-exists',
  'invalid-argument',
  'failed-precondition',
  'conflict',
  'unauthenticated',
  'permission-denied',
  'unavailable',
  'cancelled',
  'not-implemented',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export function isErrorCode(value: unknown): value is ErrorCode {
  return ERROR_CODES.some((code) => code === value);
}
