import type { Clock } from '../clock.ts';
import { isEngineError } from '../errors/index.ts';
import { familiarName, familiarReference, type Reference } from '../oci/index.ts';
import { Authenticator, type Credentials } from './authenticator.ts';
import { AuthorizedCalls } from './authorized-calls.ts';
import { readRefusal } from './body.ts';
import { endpointsOf } from './endpoint.ts';
import { speaksPlain } from './failures/network-failure.ts';
import { refusalFailure, type Subject } from './failures/refusal.ts';
import { type FoundRepository, searchHub } from './hub-search.ts';
import { firstOf, readListing } from './listing.ts';
import { MirroredSource } from './mirrored-source.ts';
import { Repository } from './repository.ts';
import { Retries } from './retries.ts';
import { type CurrentSettings, DEFAULT_SETTINGS, policyOf } from './settings.ts';
import { Throttle } from './throttle.ts';
import { type Carrier, Transport, type TransportTimeouts } from './transport.ts';
import type { Trust } from './trust.ts';

export interface RegistryAccess {
  readonly credentials?: Credentials | undefined;
  /** Plain HTTP will do, and any certificate. On this machine plain HTTP always will. */
  readonly insecure?: boolean | undefined;
  /** Repositories of the same registry to read from besides: blobs are mounted from them. */
  readonly sources?: readonly string[] | undefined;
  /** What is wanted of the repository; left out: `pull`. */
  readonly actions?: 'pull' | 'pull,push' | 'pull,delete' | undefined;
}

/** For one image, of which parts may come from mirrors: each is told who we are towards it, and nobody else. */
export interface SourceAccess {
  readonly insecure: boolean;
  credentials(domain: string, signal: AbortSignal): Promise<Credentials | undefined>;
}

export interface RegistryClientOptions {
  readonly clock: Clock;
  readonly timeouts?: Partial<TransportTimeouts>;
  readonly trust?: Trust;
  readonly settings?: CurrentSettings;
  readonly pieceBytes?: number;
  /** Where Docker Hub is searched. */
  readonly hubIndex?: URL;
}

const PING_RETRIES = 2;
const PIECE_BYTES = 64 * 1024 * 1024;
const HUB = 'docker.io';
const HUB_INDEX = new URL('https://index.docker.io/');

/** Who asks, and for what. */
interface Opening {
  readonly access: RegistryAccess;
  readonly scopes: readonly string[];
  readonly subject: Subject;
}

/**
 * Speaks with any registry of the OCI distribution specification, as the settings say. Keeps connections; holds no
 * credentials.
 */
export class RegistryClient implements AsyncDisposable {
  private readonly clock: Clock;
  private readonly transport: Transport;
  private readonly pieceBytes: number;
  private readonly hubIndex: URL;
  private readonly settings: CurrentSettings;
  private readonly throttle: Throttle;

  constructor(options: RegistryClientOptions) {
    const { clock, timeouts, trust, pieceBytes = PIECE_BYTES, hubIndex = HUB_INDEX } = options;
    const { settings = { current: DEFAULT_SETTINGS } } = options;
    this.clock = clock;
    this.hubIndex = hubIndex;
    this.pieceBytes = pieceBytes;
    this.settings = settings;
    this.throttle = new Throttle(clock, () => settings.current.downloads.bytesPerSecond);
    this.transport = new Transport({ timeouts, trust, settings });
  }

  /** Layers that may be downloaded at once, of all pulls together. */
  get concurrency(): number {
    return this.settings.current.downloads.concurrency;
  }

  /** Finds the reference's registry, and learns how it wants to be spoken to. */
  async open(reference: Reference, access: RegistryAccess, signal: AbortSignal): Promise<Repository> {
    const { clock, pieceBytes, throttle } = this;
    const subject = subjectOf(reference);
    const scopes = [
      `repository:${reference.path}:${access.actions ?? 'pull'}`,
      ...(access.sources ?? []).map((path) => `repository:${path}:pull`),
    ];
    const calls = await this.reach(reference.domain, { access, scopes, subject }, signal);
    return new Repository({ calls, clock, path: reference.path, subject, pieceBytes, throttle });
  }

  /** The reference's registry behind its mirrors; nobody is asked yet. */
  source(reference: Reference, access: SourceAccess, use: 'mirrors' | 'origin' = 'mirrors'): MirroredSource {
    const opener = (place: Reference, insecure: boolean) => async (signal: AbortSignal) =>
      this.open(place, { insecure, credentials: await access.credentials(place.domain, signal) }, signal);
    const mirrors =
      use === 'origin' ? [] : (policyOf(this.settings.current, reference.domain)?.mirrors ?? []);
    return new MirroredSource(
      mirrors.map((mirror) => opener({ ...reference, ...placeOn(mirror, reference) }, false)),
      opener(reference, access.insecure),
    );
  }

  /** Whether the registry accepts who we say we are; fails as it refuses. */
  async signIn(domain: string, access: RegistryAccess, signal: AbortSignal): Promise<void> {
    const subject: Subject = { host: domain, repository: domain, target: domain, kind: 'token' };
    const calls = await this.reach(domain, { access, scopes: [], subject }, signal);
    const answer = await calls.get(new URL('v2/', calls.base), {}, signal);
    if (answer.status !== 200) throw await calls.failure(answer, subject);
    await answer.discard();
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
    const names = await this.catalog(domain, access, signal, (name) => name.includes(term));
    return names.map((name) => ({ name: `${domain}/${name}`, description: '', stars: 0, official: false }));
  }

  /** The registry's repositories, as far as it tells; `not-implemented` where it does not. */
  async catalog(
    domain: string,
    access: RegistryAccess & { readonly limit: number },
    signal: AbortSignal,
    wanted?: (name: string) => boolean,
  ): Promise<readonly string[]> {
    const subject: Subject = { host: domain, repository: domain, target: domain, kind: 'catalog' };
    const calls = await this.reach(domain, { access, scopes: ['registry:catalog:*'], subject }, signal);
    const url = new URL('v2/_catalog', calls.base);
    return firstOf(readListing({ calls, url, subject }, 'repositories', signal), access.limit, wanted);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.transport[Symbol.asyncDispose]();
  }

  /** Finds where the registry answers, over TLS if it can be; a 401 there says as well whom to ask for a token. */
  private async reach(
    domain: string,
    { access, scopes, subject }: Opening,
    signal: AbortSignal,
  ): Promise<AuthorizedCalls> {
    const { clock } = this;
    const insecure = access.insecure === true || policyOf(this.settings.current, domain)?.insecure === true;
    const endpoints = endpointsOf(domain, insecure);
    const credentials = access.credentials ?? null;
    const retries = new Retries({ clock, limit: PING_RETRIES, patient: false });
    for (;;) {
      let failure: unknown;
      for (const base of endpoints) {
        const transport = insecure ? this.transport.unverified(base) : this.transport;
        const authenticator = new Authenticator({ transport, clock, credentials, scopes, subject });
        try {
          await this.ping(base, transport, authenticator, { ...subject, kind: 'ping' }, signal);
          return new AuthorizedCalls({ transport, clock, authenticator, base });
        } catch (thrown) {
          failure = thrown;
          if (!mayBePlain(thrown)) break;
        }
      }
      await retries.waitAfter(failure, signal);
    }
  }

  /** 200 and 401 both mean: a registry. */
  private async ping(
    endpoint: URL,
    transport: Carrier,
    authenticator: Authenticator,
    subject: Subject,
    signal: AbortSignal,
  ): Promise<void> {
    const answer = await transport.get(new URL('v2/', endpoint), {
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

/** `harbor.example.com/hub` has what Docker Hub calls `library/debian` as `hub/library/debian`. */
function placeOn(mirror: string, { path }: Reference): Pick<Reference, 'domain' | 'path'> {
  const slash = mirror.indexOf('/');
  if (slash === -1) return { domain: mirror, path };
  return { domain: mirror.slice(0, slash), path: `${mirror.slice(slash + 1)}/${path}` };
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
