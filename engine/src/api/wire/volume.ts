import type { Volume } from '../../types/index.ts';

/** Docker's mark of a volume that nobody named. */
const ANONYMOUS_LABEL = 'com.docker.volume.anonymous';

/** `sizeBytes`, where it was measured, for the disk's usage. */
export function volumeJson(volume: Volume, sizeBytes?: number): object {
  const labels = { ...volume.labels, ...(volume.anonymous && { [ANONYMOUS_LABEL]: '' }) };
  return {
    CreatedAt: volume.createdAt,
    Driver: volume.driver,
    Labels: Object.keys(labels).length === 0 ? null : labels,
    Mountpoint: volume.mountpoint,
    Name: volume.name,
    Options: Object.keys(volume.options).length === 0 ? null : volume.options,
    Scope: 'local',
    ...(sizeBytes !== undefined && { UsageData: { RefCount: volume.usedBy.length, Size: sizeBytes } }),
  };
}
