import { EngineError } from '../../errors/index.ts';
import { TransientError } from './transient-error.ts';

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
