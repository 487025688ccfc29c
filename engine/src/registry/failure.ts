import { EngineError, type EngineErrorOptions, type ErrorCode } from '../errors/index.ts';

/** A failure that may pass by itself: asking again makes sense. */
export class TransientError extends EngineError {
  /** What the registry asked us to wait; null when it said nothing. */
  readonly retryAfterMs: number | null;

  constructor(message: string, options: EngineErrorOptions & { readonly retryAfterMs?: number | null } = {}) {
    super('unavailable', message, options);
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

const NETWORK_HINT = 'Check the network connection, and the proxy if this network needs one.';

const TLS_CERTIFICATE =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA)/;

/** What fetch-level trouble with `host` means for a person. */
export function networkFailure(thrown: unknown, host: string): EngineError {
  const code = codeOf(thrown);
  const detail = { step: 'connect', path: host, ...(/^E[A-Z]+$/.test(code) && { errno: code }) };
  switch (code) {
    case 'ENOTFOUND':
      return new EngineError('unavailable', `There is no machine named ${hostnameOf(host)}.`, {
        detail: { ...detail, step: 'resolve' },
        hint: `Check the spelling of the registry's name. ${NETWORK_HINT}`,
        cause: thrown,
      });
    case 'EAI_AGAIN':
      return new TransientError(`The name ${hostnameOf(host)} cannot be looked up now.`, {
        detail: { ...detail, step: 'resolve' },
        hint: NETWORK_HINT,
        cause: thrown,
      });
    case 'ECONNREFUSED':
      return new EngineError('unavailable', `No registry answers at ${host}: the connection was refused.`, {
        detail,
        hint: 'Check that the registry runs, and its port.',
        cause: thrown,
      });
    default:
      return isTlsTrouble(code) ? tlsFailure(thrown, code, host) : interrupted(thrown, code, host);
  }
}

/** The other side does not speak TLS: a plain HTTP server. */
export function speaksPlain(thrown: unknown): boolean {
  return ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'EPROTO'].includes(
    codeOf(thrown),
  );
}

function isTlsTrouble(code: string): boolean {
  return TLS_CERTIFICATE.test(code) || code.startsWith('ERR_SSL_') || code === 'EPROTO';
}

function tlsFailure(thrown: unknown, code: string, host: string): EngineError {
  const detail = { step: 'tls', path: host };
  if (TLS_CERTIFICATE.test(code)) {
    return new EngineError('unavailable', `The certificate of ${host} cannot be trusted (${code}).`, {
      detail,
      hint: `If it is your own registry, put its authority's certificate into certs.d/${host} as ca.crt, in Longshore's data folder or in /etc/docker.`,
      cause: thrown,
    });
  }
  return new EngineError('unavailable', `${host} does not answer over an encrypted connection.`, {
    detail,
    hint: 'If it is your own registry without TLS, allow plain HTTP for it (--insecure).',
    cause: thrown,
  });
}

function interrupted(thrown: unknown, code: string, host: string): EngineError {
  const timedOut = code.includes('TIMEOUT') || code === 'ETIMEDOUT';
  const message = timedOut ? `${host} does not answer.` : `The connection to ${host} was interrupted.`;
  const detail = { step: 'connect', path: host, ...(/^E[A-Z]+$/.test(code) && { errno: code }) };
  return new TransientError(message, { detail, hint: NETWORK_HINT, cause: thrown });
}

function hostnameOf(host: string): string {
  return host.replace(/:\d+$/, '');
}

/** Connecting to several addresses fails as an AggregateError; the first one's code speaks for it. */
function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return '';
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  if (thrown instanceof AggregateError) return codeOf(thrown.errors[0]);
  return codeOf(thrown.cause);
}

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
