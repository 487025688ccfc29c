import type { ImageFilters } from '../../../contract/index.ts';
import { EngineError } from '../../../errors/index.ts';
import { pairOf, unknownFilter } from './filters.ts';
import { parseMoment } from './values.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const KNOWN = ['dangling', 'label', 'before', 'since', 'until', 'reference'] as const;

/** docker's `--filter key=value` of `images`, as often as given. */
export function toImageFilters(values: readonly string[]): ImageFilters {
  const filters: Mutable<ImageFilters> = {};
  for (const [key, value] of values.map(pairOf)) {
    switch (key) {
      case 'dangling':
        filters.dangling = toBoolean(key, value);
        break;
      case 'label':
      case 'reference':
        filters[key] = [...(filters[key] ?? []), value];
        break;
      case 'before':
      case 'since':
        filters[key] = value;
        break;
      case 'until':
        filters.until = parseMoment(value);
        break;
      default:
        throw unknownFilter(key, KNOWN);
    }
  }
  return filters;
}

function toBoolean(key: string, value: string): boolean {
  if (['true', '1'].includes(value)) return true;
  if (['false', '0'].includes(value)) return false;
  throw new EngineError('invalid-argument', `The filter ${key} is true or false, not "${value}".`);
}
