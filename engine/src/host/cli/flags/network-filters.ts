import { EngineError } from '../../../errors/index.ts';
import type { NetworkFilters } from '../../../contract/index.ts';
import { pairOf, unknownFilter } from './filters.ts';
import { parseBoolean } from './values.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** docker's `--filter key=value` of networks, as often as given. */
export function toNetworkFilters(values: readonly string[]): NetworkFilters {
  const filters: Mutable<NetworkFilters> = {};
  for (const [key, value] of values.map(pairOf)) {
    switch (key) {
      case 'id':
      case 'name':
      case 'driver':
      case 'label':
      case 'scope':
        filters[key] = [...(filters[key] ?? []), value];
        break;
      case 'type':
        filters.type = [...(filters.type ?? []), typeOf(value)];
        break;
      case 'dangling':
        filters.dangling = parseBoolean(value);
        break;
      default:
        throw unknownFilter(key, ['id', 'name', 'driver', 'label', 'scope', 'type', 'dangling']);
    }
  }
  return filters;
}

function typeOf(value: string): 'custom' | 'builtin' {
  if (value === 'custom' || value === 'builtin') return value;
  throw new EngineError('invalid-argument', `There is no type "${value}" of networks.`, {
    hint: 'It is custom or builtin.',
  });
}
