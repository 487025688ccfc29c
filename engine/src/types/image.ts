import type { Platform } from './platform.ts';

/** An image of the local store; several references may name it. One for several platforms is one image. */
export interface ImageSummary {
  /** Digest of the image config: `sha256:...`. */
  readonly id: string;
  /** Familiar names with tag, `debian:bookworm`; empty for an untagged image. */
  readonly references: readonly string[];
  /** `repository@digest` of the manifests it was pulled as. */
  readonly repoDigests: readonly string[];
  /** When it was built, ISO 8601; null when its maker did not say. */
  readonly createdAt: string | null;
  /** Bytes of disk that its unpacked layers take, shared ones counted in full. */
  readonly sizeBytes: number;
  /** Bytes that only this image takes: what removing it would free. */
  readonly uniqueBytes: number;
  readonly platform: Platform;
  /** What it is made for, in the order of its index; absent for an image for one platform alone. */
  readonly platforms?: readonly ImagePlatform[];
  readonly labels: Readonly<Record<string, string>>;
  /** Names of the containers made from it. */
  readonly usedBy: readonly string[];
}

/** One platform of an image for several. */
export interface ImagePlatform {
  readonly platform: Platform;
  readonly manifestDigest: string;
  /** Of the image for this platform; null: it is not here, and can be pulled. */
  readonly id: string | null;
  readonly sizeBytes: number;
}

export interface ImageDetails extends ImageSummary {
  readonly manifestDigest: string;
  readonly mediaType: string;
  readonly config: ImageRunConfig;
  readonly layers: readonly ImageLayer[];
  readonly history: readonly ImageHistoryEntry[];
  readonly author: string | null;
}

/** The part of an image config that a container inherits. */
export interface ImageRunConfig {
  readonly user: string;
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly workingDir: string;
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly stopSignal: string | null;
  readonly healthcheck: ImageHealthcheck | null;
}

/** As the image says it; null is "not said". */
export interface ImageHealthcheck {
  /** `CMD` and an argument vector, `CMD-SHELL` and a line for the shell, or `NONE`. */
  readonly test: readonly string[];
  readonly intervalMs: number | null;
  readonly timeoutMs: number | null;
  readonly startPeriodMs: number | null;
  readonly startIntervalMs: number | null;
  readonly retries: number | null;
}

export interface ImageLayer {
  /** Of the compressed blob. */
  readonly digest: string;
  readonly diffId: string;
  readonly chainId: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
}

export interface ImageHistoryEntry {
  readonly createdAt: string | null;
  readonly createdBy: string;
  readonly comment: string;
  readonly emptyLayer: boolean;
}

/** An image that Longshore can make on this machine without a registry. */
export interface StarterImage {
  readonly name: 'hello' | 'busybox';
  readonly reference: string;
  readonly description: string;
  /** Whether it is in the store already. */
  readonly installed: boolean;
}

export interface RemovedImage {
  readonly untagged: readonly string[];
  /** Ids of images that are gone. */
  readonly deleted: readonly string[];
  readonly freedBytes: number;
}
