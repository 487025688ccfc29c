import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { EngineError } from '../errors/index.ts';
import { readBounded, readRefusal } from './body.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { onwardUrl } from './endpoint.ts';
import { refusalFailure, type Subject } from './failures/refusal.ts';
import type { Answer, Carrier } from './transport.ts';

export type Credentials =
  | { readonly username: string; readonly password: string }
  /** A refresh token in place of the password, as `docker login` keeps it for some registries. */
  | { readonly identityToken: string };

export interface AuthenticatorOptions {
  readonly transport: Carrier;
  readonly clock: Clock;
  readonly credentials: Credentials | null;
  /** `repository:library/debian:pull`; none to say no more than who we are. */
  readonly scopes: readonly string[];
  readonly subject: Subject;
}

const MAX_TOKEN_BYTES = 64 * 1024;
/** Header values: what could smuggle a second header in is no token. */
const TOKEN = /^[\x21-\x7e]+$/;

const tokenSchema = z
  .object({ token: z.string().regex(TOKEN).optional(), access_token: z.string().regex(TOKEN).optional() })
  .transform(({ token, access_token }) => token ?? access_token);

/**
 * Who we are towards one repository: anonymous until the registry asks, then a bearer token from the server it names,
 * or the user name and password themselves. Several requests that are turned away at once fetch one token.
 */
export class Authenticator {
  private readonly options: AuthenticatorOptions;
  private current: string | null = null;
  private renewal: Promise<void> | null = null;

  constructor(options: AuthenticatorOptions) {
    this.options = options;
  }

  /** The Authorization header to send; null: none. */
  get authorization(): string | null {
    return this.current;
  }

  get signedIn(): boolean {
    return this.options.credentials !== null;
  }

  /**
   * Answers a 401 of `url` to a request that was sent with `rejected`. Returns whether there is now another
   * authorization to try.
   */
  async answer(url: URL, header: string | null, rejected: string | null): Promise<boolean> {
    if (this.current !== rejected) return true;
    this.renewal ??= this.renew(url, parseChallenges(header ?? '')).finally(() => {
      this.renewal = null;
    });
    await this.renewal;
    return this.current !== rejected;
  }

  private async renew(url: URL, challenges: readonly Challenge[]): Promise<void> {
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (bearer !== undefined) {
      this.current = `Bearer ${await this.fetchToken(url, bearer)}`;
    } else if (challenges.some(({ scheme }) => scheme === 'basic')) {
      this.current = basic(this.options.credentials);
    }
  }

  /** Docker's token protocol: distribution.github.io/distribution/spec/auth/token. */
  private async fetchToken(registry: URL, { parameters }: Challenge): Promise<string> {
    const { clock, credentials, scopes, subject } = this.options;
    const realm = onwardUrl(registry, parameters['realm'] ?? '');
    const asked = (parameters['scope'] ?? '').split(' ').filter((scope) => scope !== '');
    const wanted = [...new Set([...scopes, ...asked])];
    const service = parameters['service'] ?? '';
    const answer =
      credentials !== null && 'identityToken' in credentials
        ? await this.refresh(realm, service, wanted, credentials.identityToken)
        : await this.askForToken(realm, service, wanted);
    const asking = { ...subject, host: realm.host, kind: 'token' } as const;
    if (answer.status !== 200) {
      throw refusalFailure(await readRefusal(answer, this.signedIn, clock.now()), asking);
    }
    const token = parseToken(await readBounded(answer, MAX_TOKEN_BYTES, 'access token'));
    if (token !== undefined) return token;
    throw new EngineError('unavailable', `${realm.host} answers without an access token.`, {
      detail: { step: 'token', path: realm.host },
    });
  }

  private askForToken(realm: URL, service: string, scopes: readonly string[]): Promise<Answer> {
    if (service !== '') realm.searchParams.set('service', service);
    for (const scope of scopes) realm.searchParams.append('scope', scope);
    return this.options.transport.get(realm, {
      headers: { accept: 'application/json' },
      authorization: basic(this.options.credentials),
      signal: unending(),
    });
  }

  /** OAuth 2 (distribution.github.io/distribution/spec/auth/oauth). */
  private refresh(realm: URL, service: string, scopes: readonly string[], token: string): Promise<Answer> {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      service,
      client_id: 'longshore',
      scope: scopes.join(' '),
      refresh_token: token,
    });
    return this.options.transport.send(realm, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(form.toString()),
      authorization: null,
      signal: unending(),
    });
  }
}

/** A token is shared by all who wait for it; the transport's timeouts bound the wait. */
function unending(): AbortSignal {
  return new AbortController().signal;
}

function parseToken(bytes: Uint8Array): string | undefined {
  try {
    return tokenSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

function basic(credentials: Credentials | null): string | null {
  if (credentials === null || 'identityToken' in credentials) return null;
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
}
