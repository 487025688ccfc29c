import type { Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import { EngineError } from '../errors/index.ts';
import { Dispatchers } from './dispatchers.ts';
import { onwardUrl } from './endpoint.ts';
import { networkFailure } from './failures/network-failure.ts';
import { type CurrentSettings, DEFAULT_SETTINGS } from './settings.ts';
import { NO_TRUST, type Trust } from './trust.ts';

export interface TransportTimeouts {
  readonly connectMs: number;
  /** From the request to the answer's head. */
  readonly headersMs: number;
  /** Between two pieces of a body. */
  readonly idleMs: number;
}

export interface GetOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Sent to the host of the URL only, never to one it redirects to. */
  readonly authorization: string | null;
  readonly signal: AbortSignal;
}

/** A request that changes something. Its body is sent once: who sends it knows whether it may be sent again. */
export interface SendOptions extends GetOptions {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Needs a content-length header when it is a stream. */
  readonly body?: Uint8Array | Readable;
}

export interface Answer {
  /** Who answered, after redirects. */
  readonly origin: string;
  readonly status: number;
  header(name: string): string | null;
  /** Fails with our errors. Must be read to its end or discarded. */
  readonly body: AsyncIterable<Uint8Array>;
  discard(): Promise<void>;
}

const DEFAULT_TIMEOUTS: TransportTimeouts = { connectMs: 10_000, headersMs: 30_000, idleMs: 30_000 };
const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** An answer's unread rest below this is read so that its connection can be used again. */
const MAX_DISCARDED_BYTES = 64 * 1024;
const USER_AGENT = 'longshore';

/** What carries requests to registries. */
export interface Carrier {
  /** Follows redirects. `HEAD` asks for the head alone. */
  get(url: URL, options: GetOptions, method?: 'GET' | 'HEAD'): Promise<Answer>;
  /** Redirects are not followed: what is to be changed is changed where it was said. */
  send(url: URL, options: SendOptions): Promise<Answer>;
}

export interface TransportOptions {
  readonly timeouts?: Partial<TransportTimeouts> | undefined;
  readonly trust?: Trust | undefined;
  readonly settings?: CurrentSettings | undefined;
}

/**
 * HTTP for registries: connections are reused, proxies are those of the settings or of HTTP_PROXY, HTTPS_PROXY and
 * NO_PROXY (never for this machine), and redirects are followed by our own rules: at most five, none from TLS to plain
 * HTTP, and no credentials for another host.
 */
export class Transport implements Carrier, AsyncDisposable {
  private readonly dispatchers: Dispatchers;

  constructor({ timeouts = {}, trust = NO_TRUST, settings }: TransportOptions = {}) {
    const { connectMs, headersMs, idleMs } = { ...DEFAULT_TIMEOUTS, ...timeouts };
    this.dispatchers = new Dispatchers({
      trust,
      settings: settings ?? { current: DEFAULT_SETTINGS },
      agent: {
        connectTimeout: connectMs,
        headersTimeout: headersMs,
        bodyTimeout: idleMs,
        keepAliveTimeout: 15_000,
        connections: 16,
        maxHeaderSize: 64 * 1024,
      },
    });
  }

  get(url: URL, options: GetOptions, method: 'GET' | 'HEAD' = 'GET'): Promise<Answer> {
    return this.follow(url, options, method, null);
  }

  send(url: URL, options: SendOptions): Promise<Answer> {
    return this.once(options.method, url, options, null);
  }

  /** The same connections, but any certificate of this one machine will do. */
  unverified({ hostname }: URL): Carrier {
    return {
      get: (url, options, method = 'GET') => this.follow(url, options, method, hostname),
      send: (url, options) => this.once(options.method, url, options, hostname),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispatchers[Symbol.asyncDispose]();
  }

  private async follow(
    url: URL,
    options: GetOptions,
    method: 'GET' | 'HEAD',
    unverified: string | null,
  ): Promise<Answer> {
    let current = url;
    let { authorization } = options;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      // Who has sent us away once does not get it back by way of another host.
      if (current.origin !== url.origin) authorization = null;
      const answer = await this.once(method, current, { ...options, authorization }, unverified);
      const location = answer.header('location');
      if (!REDIRECTS.has(answer.status) || location === null) return answer;
      await answer.discard();
      current = onwardUrl(current, location);
    }
    throw new EngineError('unavailable', `The registry ${url.host} redirects in circles.`, {
      detail: { step: 'redirect', path: url.host },
    });
  }

  private async once(
    method: Dispatcher.HttpMethod,
    url: URL,
    { headers, authorization, signal, body }: GetOptions & Pick<SendOptions, 'body'>,
    unverified: string | null,
  ): Promise<Answer> {
    try {
      const response = await request(url, {
        dispatcher: await this.dispatchers.for(url, url.hostname !== unverified),
        method,
        signal,
        ...(body !== undefined && { body }),
        headers: {
          'user-agent': USER_AGENT,
          // Compressed transfer would break ranges and byte counts; content is compressed already.
          'accept-encoding': 'identity',
          ...headers,
          ...(authorization !== null && { authorization }),
        },
      });
      return toAnswer(response, url, signal);
    } catch (thrown) {
      throw translate(thrown, url.host, signal);
    }
  }
}

function toAnswer(response: Dispatcher.ResponseData, url: URL, signal: AbortSignal): Answer {
  return {
    origin: url.origin,
    status: response.statusCode,
    header: (name) => {
      const value = response.headers[name];
      return (Array.isArray(value) ? value.join(', ') : value) ?? null;
    },
    body: readBody(response.body, url.host, signal),
    discard: async () => {
      await response.body.dump({ limit: MAX_DISCARDED_BYTES }).catch(() => undefined);
    },
  };
}

async function* readBody(
  body: AsyncIterable<unknown>,
  host: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      if (chunk instanceof Uint8Array) yield chunk;
    }
  } catch (thrown) {
    throw translate(thrown, host, signal);
  }
}

function translate(thrown: unknown, host: string, signal: AbortSignal): EngineError {
  if (thrown instanceof EngineError) return thrown;
  if (signal.aborted) return new EngineError('cancelled', 'This was cancelled.', { cause: thrown });
  return networkFailure(thrown, host);
}
