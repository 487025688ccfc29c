import { familiarReference, parseReference } from '../../oci/index.ts';
import type { ImagePull } from '../../types/index.ts';
import { toPlatform } from '../request-platform.ts';
import type { Attempt, Wanted } from './attempt.ts';
import type { PullRecord } from './pull-record.ts';
import { expiryOf } from './unfinished-pulls.ts';

export function wantedOf({ reference, platform, insecure }: PullRecord): Wanted {
  return { reference: parseReference(reference), platform: toPlatform(platform), insecure };
}

/** A pull that runs. */
export function viewOfAttempt(
  { id, wanted, task, progress, startedAt }: Attempt,
  record: PullRecord | undefined,
  downloadedBytes: number | null,
): ImagePull {
  return {
    id,
    reference: familiarReference(wanted.reference),
    platform: wanted.platform,
    status: 'running',
    task,
    progress,
    error: null,
    ...amountOf(record, downloadedBytes),
    startedAt: record?.startedAt ?? startedAt,
    expiresAt: null,
  };
}

/** A pull that has stopped short. */
export function viewOfRecord(id: string, record: PullRecord, downloadedBytes: number): ImagePull {
  const { reference, platform } = wantedOf(record);
  return {
    id,
    reference: familiarReference(reference),
    platform,
    status: record.status === 'running' ? 'interrupted' : record.status,
    task: null,
    progress: null,
    error: record.error,
    ...amountOf(record, downloadedBytes),
    startedAt: record.startedAt,
    expiresAt: expiryOf(record).toISOString(),
  };
}

function amountOf(
  record: PullRecord | undefined,
  downloadedBytes: number | null,
): Pick<ImagePull, 'manifestDigest' | 'sizeBytes' | 'downloadedBytes'> {
  if (record === undefined || record.manifest === null) {
    return { manifestDigest: null, sizeBytes: null, downloadedBytes: null };
  }
  const sizeBytes = record.layers.reduce((sum, { size }) => sum + size, 0);
  return { manifestDigest: record.manifest, sizeBytes, downloadedBytes };
}
