import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { EngineError } from '../errors/index.ts';
import type { Authenticator } from './authenticator.ts';
import { readRefusal } from './body.ts';
import { refusalFailure, type Subject } from './failures/refusal.ts';
import type { Answer, Carrier, SendOptions } from './transport.ts';

export interface AuthorizedCallsOptions {
  readonly transport: Carrier;
  readonly clock: Clock;
  readonly authenticator: Authenticator;
  /** Of the registry: `https://registry-1.docker.io/`. */
  readonly base: URL;
}

export interface Send {
  readonly method: SendOptions['method'];
  readonly headers?: Readonly<Record<string, string>>;
  /** Made anew for each attempt. */
  readonly body?: () => Uint8Array | Readable;
}

/**
 * Requests to one registry, with our authorization. A 401 of the registry itself, not of a host that it sends us to,
 * is answered once.
 */
export class AuthorizedCalls {
  private readonly options: AuthorizedCallsOptions;

  constructor(options: AuthorizedCallsOptions) {
    this.options = options;
  }

  get base(): URL {
    return this.options.base;
  }

  get(
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    method: 'GET' | 'HEAD' = 'GET',
  ): Promise<Answer> {
    const { transport } = this.options;
    return this.authorized((authorization) => transport.get(url, { headers, authorization, signal }, method));
  }

  send(url: URL, { method, headers = {}, body }: Send, signal: AbortSignal): Promise<Answer> {
    const { transport, base } = this.options;
    return this.authorized((authorization) =>
      transport.send(url, {
        method,
        headers,
        signal,
        ...(body !== undefined && { body: body() }),
        // An upload may continue on another host, which must not learn who we are.
        authorization: url.origin === base.origin ? authorization : null,
      }),
    );
  }

  async failure(answer: Answer, subject: Subject): Promise<EngineError> {
    const { authenticator, clock } = this.options;
    return refusalFailure(await readRefusal(answer, authenticator.signedIn, clock.now()), subject);
  }

  private async authorized(attempt: (authorization: string | null) => Promise<Answer>): Promise<Answer> {
    const { authenticator, base } = this.options;
    const { authorization } = authenticator;
    const answer = await attempt(authorization);
    if (answer.status !== 401 || answer.origin !== base.origin) return answer;
    const challenge = answer.header('www-authenticate');
    const another = await authenticator.answer(base, challenge, authorization);
    if (!another) return answer;
    await answer.discard();
    return attempt(authenticator.authorization);
  }
}
