import type { FileChange } from '@longshore/engine/types';

export const CHANGE_FILTERS = ['all', 'added', 'modified', 'deleted'] as const;
export type ChangeFilter = (typeof CHANGE_FILTERS)[number];

export interface ChangeView {
  readonly shown: readonly FileChange[];
  readonly counts: Readonly<Record<ChangeFilter, number>>;
}

/** What of the changes is shown, and how many of each kind there are. */
export function viewChanges(
  changes: readonly FileChange[],
  filter: ChangeFilter,
  search: string,
): ChangeView {
  const needle = search.trim().toLowerCase();
  const count = (kind: FileChange['kind']) => changes.filter((change) => change.kind === kind).length;
  return {
    shown: changes.filter(
      ({ kind, path }) => (filter === 'all' || kind === filter) && path.toLowerCase().includes(needle),
    ),
    counts: {
      all: changes.length,
      added: count('added'),
      modified: count('modified'),
      deleted: count('deleted'),
    },
  };
}
