import type { Clock } from '../clock.ts';
import { isEngineError } from '../errors/index.ts';
import { familiarName, familiarReference, type Reference } from '../oci/index.ts';
import { Authenticator, type Credentials } from './authenticator.ts';
import { readRefusal } from './body.ts';
import { endpointsOf } from './endpoint.ts';
import { refusalFailure, speaksPlain, type Subject } from './failure.ts';
import { Repository } from './repository.ts';
import { Retries } from './retries.ts';
import { Transport, type TransportTimeouts } from './transport.ts';

export interface RegistryAccess {
  readonly credentials?: Credentials | undefined;
  /** Plain HTTP will do. On this machine it always will. */
  readonly insecure?: boolean | undefined;
}

export interface RegistryClientOptions {
  readonly clock: Clock;
  readonly timeouts?: Partial<TransportTimeouts>;
}

const PING_RETRIES = 2;

/** Reads from any registry of the OCI distribution specification. Keeps connections; holds no credentials. */
export class RegistryClient implements AsyncDisposable {
  private readonly clock: Clock;
  private readonly transport: Transport;

  constructor({ clock, timeouts }: RegistryClientOptions) {
    this.clock = clock;
    this.transport = new Transport(timeouts);
  }

  /** Finds the reference's registry, and learns how it wants to be spoken to. */
  async open(reference: Reference, access: RegistryAccess, signal: AbortSignal): Promise<Repository> {
    const { transport, clock } = this;
    const subject = subjectOf(reference);
    const authenticator = new Authenticator({
      transport,
      clock,
      credentials: access.credentials ?? null,
      scope: `repository:${reference.path}:pull`,
      subject,
    });
    const base = await this.find(reference, access.insecure ?? false, authenticator, signal);
    return new Repository({ transport, clock, authenticator, base, path: reference.path, subject });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.transport[Symbol.asyncDispose]();
  }

  private async find(
    reference: Reference,
    insecure: boolean,
    authenticator: Authenticator,
    signal: AbortSignal,
  ): Promise<URL> {
    const retries = new Retries({ clock: this.clock, limit: PING_RETRIES, patient: false });
    const subject: Subject = { ...subjectOf(reference), kind: 'ping' };
    for (;;) {
      let failure: unknown;
      for (const endpoint of endpointsOf(reference.domain, insecure)) {
        try {
          await this.ping(endpoint, authenticator, subject, signal);
          return endpoint;
        } catch (thrown) {
          failure = thrown;
          if (!mayBePlain(thrown)) break;
        }
      }
      await retries.waitAfter(failure, signal);
    }
  }

  /** 200 and 401 both mean: a registry. A 401 says as well whom to ask for a token. */
  private async ping(
    endpoint: URL,
    authenticator: Authenticator,
    subject: Subject,
    signal: AbortSignal,
  ): Promise<void> {
    const answer = await this.transport.get(new URL('v2/', endpoint), {
      headers: {},
      authorization: null,
      signal,
    });
    if (answer.status === 401) {
      const challenge = answer.header('www-authenticate');
      await answer.discard();
      await authenticator.answer(endpoint, challenge, null);
    } else if (answer.status === 200) {
      await answer.discard();
    } else {
      throw refusalFailure(await readRefusal(answer, authenticator.signedIn, this.clock.now()), subject);
    }
  }
}

/** After this failure over TLS, the same host may still answer in plain HTTP. */
function mayBePlain(thrown: unknown): boolean {
  if (!isEngineError(thrown, 'unavailable')) return false;
  return (
    speaksPlain(thrown.cause) ||
    thrown.detail.errno === 'ECONNREFUSED' ||
    thrown.detail.errno === 'ECONNRESET'
  );
}

function subjectOf(reference: Reference): Subject {
  return {
    host: reference.domain,
    repository: familiarName(reference),
    target: familiarReference(reference),
    kind: 'manifest',
  };
}
