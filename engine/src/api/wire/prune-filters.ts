import type { Filters } from '../server/filters.ts';
import { parseMoment } from '../server/query.ts';

export const PRUNE_FILTERS = ['label', 'label!', 'until'] as const;

export interface PruneRequest {
  readonly labels: string[];
  readonly labelsNot: string[];
  readonly until?: string;
}

/** What is pruned, by Docker's filters. */
export function pruneFilters(filters: Filters): PruneRequest {
  const until = filters.single('until');
  return {
    labels: filters.get('label') ?? [],
    labelsNot: filters.get('label!') ?? [],
    ...(until !== undefined && { until: parseMoment(until, 'until') }),
  };
}
