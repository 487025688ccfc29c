import { EngineError } from '../../../errors/index.ts';
import type { ContainerFilters } from '../../../contract/index.ts';
import { parseInteger, parseMoment } from './values.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const STATUSES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited'] as const;
const HEALTHS = ['starting', 'healthy', 'unhealthy', 'none'] as const;

/** docker's `--filter key=value`, as often as given. */
export function toContainerFilters(values: readonly string[]): ContainerFilters {
  const filters: Mutable<ContainerFilters> = {};
  for (const [key, value] of values.map(pairOf)) {
    switch (key) {
      case 'id':
      case 'name':
      case 'label':
      case 'ancestor':
      case 'network':
      case 'volume':
      case 'publish':
      case 'expose':
        filters[key] = [...(filters[key] ?? []), value];
        break;
      case 'before':
      case 'since':
        filters[key] = value;
        break;
      case 'exited':
        filters.exited = [...(filters.exited ?? []), parseInteger(value)];
        break;
      case 'status':
        filters.status = [...(filters.status ?? []), oneOf(STATUSES, key, value)];
        break;
      case 'health':
        filters.health = [...(filters.health ?? []), oneOf(HEALTHS, key, value)];
        break;
      default:
        throw unknownFilter(key, [
          'id',
          'name',
          'label',
          'status',
          'ancestor',
          'exited',
          'health',
          'network',
          'volume',
          'publish',
          'expose',
          'before',
          'since',
        ]);
    }
  }
  return filters;
}

export interface PruneFilters {
  labels: string[];
  labelsNot: string[];
  until?: string;
}

/** Of `container prune` and its like: `until=24h`, `label=...`, `label!=...`. */
export function toPruneFilters(values: readonly string[]): PruneFilters {
  const filters: PruneFilters = { labels: [], labelsNot: [] };
  for (const [key, value] of values.map(pairOf)) {
    if (key === 'until') filters.until = parseMoment(value);
    else if (key === 'label') filters.labels.push(value);
    else if (key === 'label!') filters.labelsNot.push(value);
    else throw unknownFilter(key, ['until', 'label', 'label!']);
  }
  return filters;
}

export function pairOf(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new EngineError('invalid-argument', `"${text}" is no filter.`, {
    hint: 'Filters are written as key=value: --filter status=exited.',
  });
}

function oneOf<Word extends string>(words: readonly Word[], key: string, value: string): Word {
  const word = words.find((known) => known === value);
  if (word !== undefined) return word;
  throw new EngineError('invalid-argument', `There is no ${key} "${value}".`, {
    hint: `It is one of ${words.join(', ')}.`,
  });
}

export function unknownFilter(key: string, known: readonly string[]): EngineError {
  return new EngineError('invalid-argument', `There is no filter "${key}".`, {
    hint: `Known are ${known.join(', ')}.`,
  });
}
