import type { DiskUsage, DiskUsagePart } from '../../../types/index.ts';
import type { Columns } from './template.ts';
import { humanSize } from './units.ts';

/** One line of docker's `system df`. */
export interface DiskUsageRow {
  readonly type: string;
  readonly part: Pick<DiskUsagePart<unknown>, 'totalBytes' | 'reclaimableBytes' | 'activeCount'>;
  readonly count: number;
}

/** Docker's four first; the rest is what docker does not tell. */
export function diskUsageRows(usage: DiskUsage): readonly DiskUsageRow[] {
  const row = (type: string, part: DiskUsagePart<unknown>): DiskUsageRow => ({
    type,
    part,
    count: part.items.length,
  });
  return [
    row('Images', usage.images),
    row('Containers', usage.containers),
    row('Local Volumes', usage.volumes),
    row('Build Cache', usage.buildCache),
    row('Volume Trash', usage.volumeTrash),
    row('Partial Downloads', usage.partialDownloads),
    {
      type: 'Other',
      part: { totalBytes: usage.otherBytes, reclaimableBytes: 0, activeCount: 0 },
      count: 0,
    },
  ];
}

export const diskUsageColumns: Columns<DiskUsageRow> = {
  Type: { heading: 'TYPE', value: ({ type }) => type },
  TotalCount: { heading: 'TOTAL', value: ({ count }) => String(count) },
  Active: { heading: 'ACTIVE', value: ({ part }) => String(part.activeCount) },
  Size: { heading: 'SIZE', value: ({ part }) => humanSize(part.totalBytes) },
  Reclaimable: { heading: 'RECLAIMABLE', value: ({ part }) => reclaimable(part) },
};

function reclaimable({ totalBytes, reclaimableBytes }: DiskUsageRow['part']): string {
  if (totalBytes === 0) return humanSize(0);
  return `${humanSize(reclaimableBytes)} (${Math.round((reclaimableBytes / totalBytes) * 100)}%)`;
}
