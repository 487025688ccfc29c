import { constants } from 'node:os';
import { type Metadata, status as Status } from '@grpc/grpc-js';
import { EngineError, type ErrorCode, type ErrorDetail, EXIT_CODES } from '../errors/index.ts';
import { diskFull } from '../metadata/index.ts';
import { ErrorClass, Failure } from './generated/longshore/agent/v1/common.ts';

/** Trailing metadata in which the agent says what failed. */
export const FAILURE_KEY = 'longshore-failure-bin';

const CODES: Readonly<Record<ErrorClass, ErrorCode>> = {
  [ErrorClass.ERROR_CLASS_UNSPECIFIED]: 'internal',
  [ErrorClass.ERROR_CLASS_NOT_FOUND]: 'not-found',
  [ErrorClass.ERROR_CLASS_ALREADY_EXISTS]: 'already-exists',
  [ErrorClass.ERROR_CLASS_INVALID_ARGUMENT]: 'invalid-argument',
  [ErrorClass.ERROR_CLASS_FAILED_PRECONDITION]: 'failed-precondition',
  [ErrorClass.ERROR_CLASS_CONFLICT]: 'conflict',
  [ErrorClass.ERROR_CLASS_UNAUTHENTICATED]: 'unauthenticated',
  [ErrorClass.ERROR_CLASS_PERMISSION_DENIED]: 'permission-denied',
  [ErrorClass.ERROR_CLASS_UNAVAILABLE]: 'unavailable',
  [ErrorClass.ERROR_CLASS_CANCELLED]: 'cancelled',
  [ErrorClass.ERROR_CLASS_NOT_IMPLEMENTED]: 'not-implemented',
  [ErrorClass.ERROR_CLASS_INTERNAL]: 'internal',
  [ErrorClass.UNRECOGNIZED]: 'internal',
};

const ERRNO_NAMES = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

interface Refusal {
  readonly code: Status;
  readonly details: string;
  readonly metadata: Metadata;
}

/** Whatever a call threw: the agent's own words if it said any, else what gRPC knows. */
export function failureOf(thrown: unknown): unknown {
  if (!isRefusal(thrown)) return thrown;
  const [bytes] = thrown.metadata.get(FAILURE_KEY);
  return bytes instanceof Buffer ? fromFailure(Failure.decode(bytes), thrown) : fromStatus(thrown);
}

function fromFailure(failure: Failure, cause: unknown): EngineError {
  const { step, path, message, hint } = failure;
  const errno = ERRNO_NAMES.get(failure.errno);
  const exitCode = exitCodeOf(step, errno);
  const detail: ErrorDetail = {
    ...(step !== '' && { step }),
    ...(errno !== undefined && { errno }),
    ...(path !== '' && { path }),
    ...(exitCode !== undefined && { exitCode }),
  };
  if (isDiskFullAt(step, errno)) return diskFull({ detail, cause });
  return new EngineError(CODES[failure.errorClass], message, { detail, cause, ...(hint !== '' && { hint }) });
}

/** Steps at which the kernel means other room by ENOSPC: too many namespaces or cgroups, no processor in a cpuset. */
const OTHER_ROOM: readonly string[] = ['cgroup', 'clone3', 'namespace', 'network', 'setns', 'unshare'];

function isDiskFullAt(step: string, errno: string | undefined): boolean {
  return (errno === 'ENOSPC' || errno === 'EDQUOT') && !OTHER_ROOM.includes(step);
}

/** What a shell says of a command that it could not execute: 127 when it is not there, else 126. */
function exitCodeOf(step: string, errno: string | undefined): number | undefined {
  if (step !== 'exec') return undefined;
  return errno === 'ENOENT' || errno === 'ENOTDIR' ? EXIT_CODES.notFound : EXIT_CODES.notExecutable;
}

const WITHOUT_WORDS: ReadonlyMap<Status, readonly [ErrorCode, string, hint?: string]> = new Map([
  [Status.CANCELLED, ['cancelled', 'The operation was cancelled.']],
  [
    Status.UNAVAILABLE,
    ['unavailable', 'The connection to the agent was lost.', 'It is started again by itself: try once more.'],
  ],
  [Status.DEADLINE_EXCEEDED, ['unavailable', 'The agent did not answer in time.']],
  [
    Status.UNIMPLEMENTED,
    ['not-implemented', 'This agent is too old for that: end it, and it is started anew.'],
  ],
]);

/** A refusal by gRPC itself, on either side of the socket. */
function fromStatus(refusal: Refusal): EngineError {
  const [code, message, hint] = WITHOUT_WORDS.get(refusal.code) ?? [
    'internal',
    `The agent failed: ${refusal.details}`,
  ];
  return new EngineError(code, message, { cause: refusal, ...(hint !== undefined && { hint }) });
}

function isRefusal(thrown: unknown): thrown is Refusal & Error {
  return (
    thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'number' && 'metadata' in thrown
  );
}
