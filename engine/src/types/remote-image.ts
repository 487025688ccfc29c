import type { Platform } from './platform.ts';

/** What a name or digest stands for in its registry, which nothing has been pulled of. */
export interface RemoteManifest {
  /** With the digest: `docker.io/library/debian:12@sha256:...`. */
  readonly reference: string;
  readonly digest: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly kind: 'index' | 'image' | 'artifact';
  /** Of an index, what it is made for; else empty. */
  readonly platforms: readonly RemotePlatform[];
  /** The document as the registry has it, byte for byte: JSON. */
  readonly document: string;
}

export interface RemotePlatform {
  readonly platform: Platform;
  readonly digest: string;
  readonly sizeBytes: number;
}

/** Something that was attached to an image in its registry: a signature, a list of its parts. */
export interface Referrer {
  readonly digest: string;
  readonly mediaType: string;
  /** Empty where nothing says what it is. */
  readonly artifactType: string;
  readonly sizeBytes: number;
  readonly annotations: Readonly<Record<string, string>>;
}
