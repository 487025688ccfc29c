import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { RegistryProxy } from '../types/index.ts';
import { isLoopback } from './endpoint.ts';
import type { CurrentSettings } from './settings.ts';
import type { HostCertificates, Trust } from './trust.ts';

export interface DispatchersOptions {
  readonly agent: Agent.Options;
  readonly trust: Trust;
  readonly settings: CurrentSettings;
}

/** Connections by how they are made: directly or by proxies, with which certificates, verified or not. */
export class Dispatchers implements AsyncDisposable {
  private readonly options: DispatchersOptions;
  private readonly known = new Map<string, Dispatcher>();

  constructor(options: DispatchersOptions) {
    this.options = options;
  }

  /** `verified`: whether the host must show a certificate that somebody vouches for. */
  async for(url: URL, verified: boolean): Promise<Dispatcher> {
    const { trust, settings } = this.options;
    const certificates = url.protocol === 'https:' ? await trust.certificatesOf(url.host) : null;
    const way = isLoopback(url) ? 'direct' : settings.current.proxy;
    const key = JSON.stringify([way, certificates && [url.host, certificates.fingerprint], verified]);
    let dispatcher = this.known.get(key);
    if (dispatcher === undefined) {
      dispatcher = this.make(way, certificates, verified);
      this.known.set(key, dispatcher);
    }
    return dispatcher;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.known.values()].map((dispatcher) => dispatcher.destroy()));
  }

  /** `way`: null for the proxies that the environment names. */
  private make(
    way: 'direct' | RegistryProxy | null,
    certificates: HostCertificates | null,
    verified: boolean,
  ): Dispatcher {
    const connect = {
      ...(certificates !== null && { ...certificates.tls, ca: [...certificates.tls.ca] }),
      ...(!verified && { rejectUnauthorized: false }),
    };
    const options = { ...this.options.agent, connect };
    if (way === 'direct') return new Agent(options);
    const named = way !== null && { httpProxy: way.http, httpsProxy: way.https, noProxy: way.noProxy };
    // `requestTls` is for the registry at the other end of a tunnel; `connect` is for those reached directly.
    return new EnvHttpProxyAgent({ ...options, ...named, requestTls: connect });
  }
}
