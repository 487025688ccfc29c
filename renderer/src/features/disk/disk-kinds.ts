import type { DiskUsage } from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';

export const DISK_KINDS = [
  'images',
  'containers',
  'volumes',
  'volumeTrash',
  'buildCache',
  'partialDownloads',
] as const;
export type DiskKind = (typeof DISK_KINDS)[number];

/** Something that takes space, as it is listed. */
export interface DiskItem {
  readonly key: string;
  readonly name: string;
  /** Where its page is, if it has one. */
  readonly path: string | undefined;
  readonly sizeBytes: number;
  /** What of it would be free if it went; null where that is all. */
  readonly uniqueBytes: number | null;
  /** Who needs it: names of containers. */
  readonly usedBy: readonly string[];
  readonly inUse: boolean;
}

export function itemsOf(usage: DiskUsage, kind: DiskKind): readonly DiskItem[] {
  switch (kind) {
    case 'images':
      return usage.images.items.map(({ id, references, sizeBytes, uniqueBytes, usedBy }) => ({
        key: id,
        name: references[0] ?? shortId(id),
        path: `/images/${id.replace(/^sha256:/, '')}/layers`,
        sizeBytes,
        uniqueBytes,
        usedBy,
        inUse: usedBy.length > 0,
      }));
    case 'containers':
      return usage.containers.items.map(({ id, name, writableBytes, logBytes, running }) => ({
        ...plain(id, name, writableBytes + logBytes),
        path: `/containers/${id}/changes`,
        inUse: running,
      }));
    case 'volumes':
      return usage.volumes.items.map(({ name, anonymous, sizeBytes, usedBy }) => ({
        ...plain(name, anonymous ? shortId(name) : name, sizeBytes),
        path: `/volumes/${encodeURIComponent(name)}/files`,
        usedBy,
        inUse: usedBy.length > 0,
      }));
    case 'volumeTrash':
      return usage.volumeTrash.items.map(({ id, name, sizeBytes }) => ({
        ...plain(id, name, sizeBytes),
        path: '/volumes/trash',
      }));
    case 'buildCache':
      return usage.buildCache.items.map(({ id, description, sizeBytes, inUse }) => ({
        ...plain(id, description, sizeBytes),
        inUse,
      }));
    case 'partialDownloads':
      return usage.partialDownloads.items.map(({ digest, sizeBytes, kept }) => ({
        ...plain(digest, shortId(digest), sizeBytes),
        inUse: kept,
      }));
  }
}

function plain(key: string, name: string, sizeBytes: number): DiskItem {
  return { key, name, path: undefined, sizeBytes, uniqueBytes: null, usedBy: [], inUse: false };
}

export interface DiskShare {
  readonly kind: DiskKind | 'other';
  readonly bytes: number;
  /** Where it begins in the bar, and how much of it is its own: 0 to 1. */
  readonly start: number;
  readonly fraction: number;
}

/** The parts of the whole, one after another: each byte once. */
export function sharesOf(usage: DiskUsage): readonly DiskShare[] {
  const parts = [
    ...DISK_KINDS.map((kind) => ({ kind, bytes: usage[kind].totalBytes })),
    { kind: 'other' as const, bytes: usage.otherBytes },
  ];
  let start = 0;
  return parts.map(({ kind, bytes }) => {
    const fraction = usage.totalBytes === 0 ? 0 : bytes / usage.totalBytes;
    const share = { kind, bytes, start, fraction };
    start += fraction;
    return share;
  });
}
