import type { DiskUsagePart } from '../../types/index.ts';

/** Of things that share nothing: each is reclaimable unless it is active. */
export function usagePart<T>(
  items: readonly T[],
  bytesOf: (item: T) => number,
  isActive: (item: T) => boolean,
): DiskUsagePart<T> {
  const active = items.filter(isActive);
  const totalBytes = sum(items, bytesOf);
  return {
    totalBytes,
    reclaimableBytes: totalBytes - sum(active, bytesOf),
    activeCount: active.length,
    items: [...items].sort((a, b) => bytesOf(b) - bytesOf(a)),
  };
}

function sum<T>(items: readonly T[], bytesOf: (item: T) => number): number {
  return items.reduce((total, item) => total + bytesOf(item), 0);
}
