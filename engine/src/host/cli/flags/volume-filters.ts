import type { VolumeFilters } from '../../../contract/index.ts';
import { pairOf, unknownFilter } from './filters.ts';
import { parseBoolean } from './values.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** docker's `--filter key=value` of volumes, as often as given. */
export function toVolumeFilters(values: readonly string[]): VolumeFilters {
  const filters: Mutable<VolumeFilters> = {};
  for (const [key, value] of values.map(pairOf)) {
    switch (key) {
      case 'name':
      case 'driver':
      case 'label':
        filters[key] = [...(filters[key] ?? []), value];
        break;
      case 'dangling':
        filters.dangling = parseBoolean(value);
        break;
      default:
        throw unknownFilter(key, ['name', 'driver', 'label', 'dangling']);
    }
  }
  return filters;
}

export interface VolumePruneFilters {
  all: boolean;
  labels: string[];
  labelsNot: string[];
}

/** Of `volume prune`: `label=...`, `label!=...`, and docker's other way to say `--all`. */
export function toVolumePruneFilters(values: readonly string[], all: boolean): VolumePruneFilters {
  const filters: VolumePruneFilters = { all, labels: [], labelsNot: [] };
  for (const [key, value] of values.map(pairOf)) {
    if (key === 'label') filters.labels.push(value);
    else if (key === 'label!') filters.labelsNot.push(value);
    else if (key === 'all') filters.all = parseBoolean(value);
    else throw unknownFilter(key, ['label', 'label!', 'all']);
  }
  return filters;
}
