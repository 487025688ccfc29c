import type { NetworkFilters } from '../contract/index.ts';
import { hasLabel } from '../labels.ts';
import { matchesName } from '../name-pattern.ts';
import type { NetworkSummary } from '../types/index.ts';
import { summaryOf } from './network-view.ts';
import type { Parts } from './parts.ts';

/** By name, as Docker lists them. */
export function listNetworks(
  { table, use }: Pick<Parts, 'table' | 'use'>,
  filters: NetworkFilters = {},
): readonly NetworkSummary[] {
  return table
    .all()
    .map((network) => summaryOf(network, use.usersOf(network)))
    .filter((network) => isWanted(network, filters))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function isWanted(network: NetworkSummary, filters: NetworkFilters): boolean {
  return (
    anyOf(filters.id, (id) => network.id.startsWith(id)) &&
    anyOf(filters.name, (name) => matchesName(network.name, name)) &&
    anyOf(filters.driver, (driver) => network.driver === driver) &&
    anyOf(filters.scope, (scope) => scope === 'local') &&
    anyOf(filters.type, (type) => network.builtIn === (type === 'builtin')) &&
    (filters.label ?? []).every((label) => hasLabel(network.labels, label)) &&
    (filters.dangling === undefined || isDangling(network) === filters.dangling)
  );
}

function isDangling({ builtIn, usedBy }: NetworkSummary): boolean {
  return !builtIn && usedBy.length === 0;
}

/** A filter that is not there lets everything through. */
function anyOf<T>(wanted: readonly T[] | undefined, matches: (value: T) => boolean): boolean {
  return wanted === undefined || wanted.some(matches);
}
