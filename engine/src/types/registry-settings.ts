/** How registries are spoken to, as the person wants it. */
export interface RegistrySettings {
  readonly downloads: DownloadLimits;
  /** Null: as HTTP_PROXY, HTTPS_PROXY and NO_PROXY in the engine's environment say. */
  readonly proxy: RegistryProxy | null;
  /** Those with something of their own to say, by name. */
  readonly registries: readonly RegistryPolicy[];
}

/** Of all pulls together. */
export interface DownloadLimits {
  /** Layers that are downloaded at once. */
  readonly concurrency: number;
  /** Null: as fast as it goes. */
  readonly bytesPerSecond: number | null;
}

/** In place of what the environment says; an empty address: no proxy. */
export interface RegistryProxy {
  /** For plain HTTP: `http://proxy.example.com:3128`. */
  readonly http: string;
  readonly https: string;
  /** Hosts that are reached directly: `*.example.com,10.0.0.1`, or `*`. This machine always is. */
  readonly noProxy: string;
}

export interface RegistryPolicy {
  /** Host with port: `docker.io`, `localhost:5000`. */
  readonly registry: string;
  /** Asked before the registry itself, in this order: hosts, with a path where the mirror needs one. */
  readonly mirrors: readonly string[];
  /** Plain HTTP will do, and certificates that nobody vouches for: whoever is in between can read and change all. */
  readonly insecure: boolean;
}
