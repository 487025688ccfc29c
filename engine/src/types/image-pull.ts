import type { WireError } from '../errors/wire.ts';
import type { Platform } from './platform.ts';
import type { PullProgress } from './pull.ts';

/**
 * A pull that runs, or one that stopped short and can go on: what it has verified and what it has half is kept until
 * it expires. One per image and platform; it is over, and gone from the list, when the image is there.
 */
export interface ImagePull {
  readonly id: string;
  /** As it is pulled: `debian:12`. */
  readonly reference: string;
  readonly platform: Platform;
  /** `interrupted`: the engine ended before it did. */
  readonly status: 'running' | 'paused' | 'interrupted' | 'failed';
  /** The task that does it, while it runs. */
  readonly task: string | null;
  /** The latest of it, while it runs. */
  readonly progress: PullProgress | null;
  /** Why it failed. */
  readonly error: WireError | null;
  /** Null until the registry has said what the name stands for; so are the sizes. */
  readonly manifestDigest: string | null;
  /** Of all layers, compressed. */
  readonly sizeBytes: number | null;
  /** Of them, on this machine. */
  readonly downloadedBytes: number | null;
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601; null while it runs. */
  readonly expiresAt: string | null;
}
