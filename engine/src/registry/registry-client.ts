import type { Clock } from '../clock.ts';
import { isEngineError } from '../errors/index.ts';
import { familiarName, familiarReference, type Reference } from '../oci/index.ts';
import { Authenticator, type Credentials } from './authenticator.ts';
import { AuthorizedCalls } from './authorized-calls.ts';
import { readRefusal } from './body.ts';
import { endpointsOf } from './endpoint.ts';
import { refusalFailure, speaksPlain, type Subject } from './failure.ts';
import { type FoundRepository, searchHub } from './hub-search.ts';
import { firstOf, readListing } from './listing.ts';
import { Repository } from './repository.ts';
import { Retries } from './retries.ts';
import { Transport, type TransportTimeouts } from './transport.ts';
import type { Trust } from './trust.ts';

export interface RegistryAccess {
  readonly credentials?: Credentials | undefined;
  /** Plain HTTP will do. On this machine it always will. */
  readonly insecure?: boolean | undefined;
  /** Repositories of the same registry to read from besides: blobs are mounted from them. */
  readonly sources?: readonly string[] | undefined;
  /** What is wanted of the repository; left out: `pull`. */
  readonly actions?: 'pull' | 'pull,push' | 'pull,push,delete' | undefined;
}

export interface RegistryClientOptions {
  readonly clock: Clock;
  readonly timeouts?: Partial<TransportTimeouts>;
  readonly trust?: Trust;
  readonly pieceBytes?: number;
  /** Where Docker Hub is searched. */
  readonly hubIndex?: URL;
}

const PING_RETRIES = 2;
const PIECE_BYTES = 64 * 1024 * 1024;
const HUB = 'docker.io';
const HUB_INDEX = new URL('https://index.docker.io/');

/** Speaks with any registry of the OCI distribution specification. Keeps connections; holds no credentials. */
export class RegistryClient implements AsyncDisposable {
  private readonly clock: Clock;
  private readonly transport: Transport;
  private readonly pieceBytes: number;
  private readonly hubIndex: URL;

  constructor(options: RegistryClientOptions) {
    const { clock, timeouts, trust, pieceBytes = PIECE_BYTES, hubIndex = HUB_INDEX } = options;
    this.clock = clock;
    this.hubIndex = hubIndex;
    this.pieceBytes = pieceBytes;
    this.transport = new Transport(timeouts, trust);
  }

  /** Finds the reference's registry, and learns how it wants to be spoken to. */
  async open(reference: Reference, access: RegistryAccess, signal: AbortSignal): Promise<Repository> {
    const { transport, clock } = this;
    const subject = subjectOf(reference);
    const authenticator = new Authenticator({
      transport,
      clock,
      credentials: access.credentials ?? null,
      scopes: [
        `repository:${reference.path}:${access.actions ?? 'pull'}`,
        ...(access.sources ?? []).map((path) => `repository:${path}:pull`),
      ],
      subject,
    });
    const insecure = access.insecure ?? false;
    const base = await this.find(reference.domain, insecure, authenticator, subject, signal);
    const calls = new AuthorizedCalls({ transport, clock, authenticator, base });
    const { pieceBytes } = this;
    return new Repository({ calls, clock, path: reference.path, subject, pieceBytes });
  }

  /** Whether the registry accepts who we say we are; fails as it refuses. */
  async signIn(domain: string, access: RegistryAccess, signal: AbortSignal): Promise<void> {
    const { transport, clock } = this;
    const subject: Subject = { host: domain, repository: domain, target: domain, kind: 'token' };
    const credentials = access.credentials ?? null;
    const authenticator = new Authenticator({ transport, clock, credentials, scopes: [], subject });
    const base = await this.find(domain, access.insecure ?? false, authenticator, subject, signal);
    const { authorization } = authenticator;
    const answer = await transport.get(new URL('v2/', base), { headers: {}, authorization, signal });
    if (answer.status === 200) return answer.discard();
    throw refusalFailure(await readRefusal(answer, true, clock.now()), subject);
  }

  /** Docker Hub is asked to search; of another registry, those of its repositories whose names have the word in them. */
  async search(
    domain: string,
    term: string,
    access: RegistryAccess & { readonly limit: number },
    signal: AbortSignal,
  ): Promise<readonly FoundRepository[]> {
    const { transport, clock, hubIndex } = this;
    const { limit } = access;
    if (domain === HUB) return searchHub({ transport, clock, index: hubIndex }, term, limit, signal);
    const subject: Subject = { host: domain, repository: domain, target: domain, kind: 'catalog' };
    const credentials = access.credentials ?? null;
    const scopes = ['registry:catalog:*'];
    const authenticator = new Authenticator({ transport, clock, credentials, scopes, subject });
    const base = await this.find(domain, access.insecure ?? false, authenticator, subject, signal);
    const calls = new AuthorizedCalls({ transport, clock, authenticator, base });
    const listing = readListing(
      { calls, url: new URL('v2/_catalog', base), subject },
      'repositories',
      signal,
    );
    const names = await firstOf(listing, limit, (name) => name.includes(term));
    return names.map((name) => ({ name: `${domain}/${name}`, description: '', stars: 0, official: false }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.transport[Symbol.asyncDispose]();
  }

  private async find(
    domain: string,
    insecure: boolean,
    authenticator: Authenticator,
    subject: Subject,
    signal: AbortSignal,
  ): Promise<URL> {
    const retries = new Retries({ clock: this.clock, limit: PING_RETRIES, patient: false });
    for (;;) {
      let failure: unknown;
      for (const endpoint of endpointsOf(domain, insecure)) {
        try {
          await this.ping(endpoint, authenticator, { ...subject, kind: 'ping' }, signal);
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
