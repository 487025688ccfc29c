import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { EngineError } from '../errors/index.ts';
import { isLoopback, onwardUrl } from './endpoint.ts';
import { networkFailure } from './failure.ts';

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

/**
 * HTTP GET for registries: connections are reused, proxies are taken from HTTP_PROXY, HTTPS_PROXY and NO_PROXY (never
 * for this machine), and redirects are followed by our own rules: at most five, none from TLS to plain HTTP, and no
 * credentials for another host.
 */
export class Transport implements AsyncDisposable {
  private readonly direct: Dispatcher;
  private readonly proxied: Dispatcher;

  constructor(timeouts: Partial<TransportTimeouts> = {}) {
    const { connectMs, headersMs, idleMs } = { ...DEFAULT_TIMEOUTS, ...timeouts };
    const options = {
      connectTimeout: connectMs,
      headersTimeout: headersMs,
      bodyTimeout: idleMs,
      keepAliveTimeout: 15_000,
      connections: 16,
      maxHeaderSize: 64 * 1024,
    };
    this.direct = new Agent(options);
    this.proxied = new EnvHttpProxyAgent(options);
  }

  async get(url: URL, options: GetOptions): Promise<Answer> {
    let current = url;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const answer = await this.getOnce(current, {
        ...options,
        authorization: current.origin === url.origin ? options.authorization : null,
      });
      const location = answer.header('location');
      if (!REDIRECTS.has(answer.status) || location === null) return answer;
      await answer.discard();
      current = onwardUrl(current, location);
    }
    throw new EngineError('unavailable', `The registry ${url.host} redirects in circles.`, {
      detail: { step: 'redirect', path: url.host },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.direct.destroy(), this.proxied.destroy()]);
  }

  private async getOnce(url: URL, { headers, authorization, signal }: GetOptions): Promise<Answer> {
    try {
      const response = await request(url, {
        dispatcher: isLoopback(url) ? this.direct : this.proxied,
        signal,
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
  if (signal.aborted) return new EngineError('cancelled', 'The pull was cancelled.', { cause: thrown });
  return networkFailure(thrown, host);
}
