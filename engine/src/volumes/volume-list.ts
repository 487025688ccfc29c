import type { VolumeFilters } from '../contract/index.ts';
import { hasLabel } from '../labels.ts';
import type { Volume } from '../types/index.ts';
import type { Parts } from './parts.ts';
import { volumeOf } from './volume-view.ts';

/** By name, as Docker lists them. */
export function listVolumes(
  parts: Pick<Parts, 'records' | 'use' | 'mountpointOf'>,
  filters: VolumeFilters = {},
): readonly Volume[] {
  return parts.records
    .all()
    .map((record) => volumeOf(parts, record))
    .filter((volume) => isWanted(volume, filters))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function isWanted(volume: Volume, { name, label, driver, dangling }: VolumeFilters): boolean {
  return (
    anyOf(name, (part) => volume.name.includes(part)) &&
    anyOf(driver, (wanted) => volume.driver === wanted) &&
    (label ?? []).every((wanted) => hasLabel(volume.labels, wanted)) &&
    (dangling === undefined || (volume.usedBy.length === 0) === dangling)
  );
}

/** A filter that is not there lets everything through. */
function anyOf(wanted: readonly string[] | undefined, matches: (value: string) => boolean): boolean {
  return wanted === undefined || wanted.some(matches);
}
