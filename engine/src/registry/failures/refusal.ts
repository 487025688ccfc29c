import { EngineError, type ErrorCode } from '../../errors/index.ts';
import { TransientError } from './transient-error.ts';

/** What was asked for, to speak of it. */
export interface Subject {
  readonly host: string;
  /** Familiar name of the repository: `debian`, `localhost:5000/app`. */
  readonly repository: string;
  /** What of it: `debian:bookworm`, or a digest. */
  readonly target: string;
  readonly kind: 'manifest' | 'blob' | 'upload' | 'delete' | 'referrers' | 'catalog' | 'token' | 'ping';
}

/** `100;w=21600`: so many pulls in so many seconds (docs.docker.com/docker-hub/usage/pulls). */
export interface RateLimit {
  readonly pulls: number;
  /** Null where only the number is told. */
  readonly windowMs: number | null;
}

/** An answer of the registry that is none of the good ones. */
export interface Refusal {
  readonly status: number;
  /** The registry's own codes (distribution-spec, "Error codes"), most specific first. */
  readonly codes: readonly string[];
  /** Its words, for the log and the detail; never trusted, already shortened. */
  readonly message: string;
  readonly retryAfterMs: number | null;
  /** How often one may pull, if it says so: Docker Hub's `RateLimit-Limit`. */
  readonly rateLimit: RateLimit | null;
  /** Whether we had said who we are. */
  readonly signedIn: boolean;
}

export function refusalFailure(refusal: Refusal, subject: Subject): EngineError {
  const detail = { step: subject.kind, path: subject.target };
  const { status } = refusal;
  if (subject.kind === 'delete' && (status === 405 || refusal.codes.includes('UNSUPPORTED'))) {
    return deletesNothing(subject);
  }
  if (status === 401) return unauthenticated(refusal, subject);
  if (status === 403) return denied(refusal, subject);
  if (status === 404) return notFound(refusal, subject);
  if (status === 429) return rateLimited(refusal, subject);
  if (status === 408 || status >= 500) {
    return new TransientError(`The registry ${subject.host} has a problem (HTTP ${status}).`, {
      detail,
      hint: 'Try again later.',
      retryAfterMs: refusal.retryAfterMs,
    });
  }
  const said = refusal.message === '' ? '' : `: ${refusal.message}`;
  return failure('unavailable', `The registry ${subject.host} refuses (HTTP ${status})${said}`, subject);
}

/** Most public registries keep their catalog to themselves. */
function tellsNobody(subject: Subject): EngineError {
  return failure(
    'not-implemented',
    `${subject.host} does not tell what images it has.`,
    subject,
    'Look on its web page, or sign in if it is your own.',
  );
}

function deletesNothing(subject: Subject): EngineError {
  return failure(
    'not-implemented',
    `${subject.host} does not let anybody delete images this way.`,
    subject,
    'Look on its web page; a registry of your own may have to be told to allow it.',
  );
}

/** The name to push to is ours to choose, so that it is not said to be unknown. */
function mayNotPush(signedIn: boolean, code: ErrorCode, subject: Subject): EngineError {
  return failure(
    code,
    `You may not push to ${subject.repository}.`,
    subject,
    signedIn
      ? 'Ask its owner for access, or tag the image with a name of your own.'
      : `Sign in to ${subject.host} first.`,
  );
}

function unauthenticated({ signedIn }: Refusal, subject: Subject): EngineError {
  if (subject.kind === 'catalog') return tellsNobody(subject);
  if (subject.kind === 'upload' && !signedIn) return mayNotPush(false, 'unauthenticated', subject);
  if (signedIn) {
    return failure(
      'unauthenticated',
      `${subject.host} does not accept this user name and password.`,
      subject,
      'Sign in again; many registries want an access token instead of the password.',
    );
  }
  // Registries do not tell strangers whether a private repository exists.
  return failure(
    'unauthenticated',
    `${subject.repository} does not exist, or it is private.`,
    subject,
    `Check the name; if it is private, sign in to ${subject.host}.`,
  );
}

function denied({ signedIn }: Refusal, subject: Subject): EngineError {
  if (subject.kind === 'catalog') return tellsNobody(subject);
  if (subject.kind === 'upload') return mayNotPush(signedIn, 'permission-denied', subject);
  return failure(
    'permission-denied',
    signedIn
      ? `You may not pull ${subject.repository}, or it does not exist.`
      : `${subject.repository} does not exist, or it is private.`,
    subject,
    signedIn ? 'Ask its owner for access.' : `Check the name; if it is private, sign in to ${subject.host}.`,
  );
}

function notFound({ codes }: Refusal, subject: Subject): EngineError {
  if (subject.kind === 'catalog') return tellsNobody(subject);
  if (codes.includes('NAME_UNKNOWN') && subject.kind !== 'upload') {
    return failure('not-found', `There is no image ${subject.repository}.`, subject, 'Check the name.');
  }
  if (subject.kind === 'ping') {
    return failure('unavailable', `${subject.host} is not a container registry.`, subject, 'Check its name.');
  }
  if (subject.kind === 'upload') {
    return failure(
      'not-found',
      `${subject.host} has no place for ${subject.repository}.`,
      subject,
      'Check its name.',
    );
  }
  if (subject.kind === 'blob') {
    return failure(
      'not-found',
      `The registry lacks a part of ${subject.repository}: ${subject.target}.`,
      subject,
      'The image has to be pushed again.',
    );
  }
  return failure('not-found', `There is no image ${subject.target}.`, subject, 'Check the name and the tag.');
}

function rateLimited({ retryAfterMs, rateLimit, signedIn }: Refusal, subject: Subject): EngineError {
  const wait = retryAfterMs === null ? 'Wait a while' : `Wait ${describeTime(retryAfterMs)}`;
  const signIn = signedIn ? '' : ', or sign in: signed-in users may pull more';
  const message = `${subject.host} limits how often you may pull, and the limit is reached`;
  return new TransientError(`${message}${rateLimit === null ? '' : `: ${describeLimit(rateLimit)}`}.`, {
    detail: { step: subject.kind, path: subject.target },
    hint: `${wait}${signIn}.`,
    retryAfterMs,
  });
}

function describeLimit({ pulls, windowMs }: RateLimit): string {
  return windowMs === null ? `${pulls} pulls` : `${pulls} pulls in ${describeTime(windowMs)}`;
}

function describeTime(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 120) return `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}

function failure(code: ErrorCode, message: string, subject: Subject, hint?: string): EngineError {
  return new EngineError(code, message, {
    detail: { step: subject.kind, path: subject.target },
    ...(hint !== undefined && { hint }),
  });
}
