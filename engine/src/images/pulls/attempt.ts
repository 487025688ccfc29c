import { formatReference } from '../../oci/index.ts';
import type { PullProgress } from '../../types/index.ts';
import type { PullOrder } from '../puller.ts';
import type { RemoteImage } from '../remote-image.ts';
import type { PullRecord } from './pull-record.ts';

/** What is pulled, without who asks for it. */
export type Wanted = Omit<PullOrder, 'credentials'>;

/** One attempt at a pull, in this engine's life. */
export interface Attempt {
  /** Of the pull: `pullIdOf`. */
  readonly id: string;
  readonly wanted: Wanted;
  readonly task: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly pause: AbortController;
  /** Resolves when it has come to rest. */
  readonly ended: Promise<void>;
  progress: PullProgress | null;
  /** Null until the registry has said what the name stands for. */
  remote: RemoteImage | null;
}

/** The record of a pull as this attempt leaves it; `before`: as earlier ones did. */
export function recordOfAttempt(
  { wanted, remote, startedAt }: Attempt,
  before: PullRecord | undefined,
  state: Pick<PullRecord, 'status' | 'error' | 'updatedAt'>,
): PullRecord {
  const { reference, platform, insecure } = wanted;
  return {
    reference: formatReference(reference),
    platform,
    insecure,
    manifest: remote?.manifest.digest ?? before?.manifest ?? null,
    layers: remote?.layers.map(({ digest, size }) => ({ digest, size })) ?? before?.layers ?? [],
    startedAt: before?.startedAt ?? startedAt,
    ...state,
  };
}
