import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ListGrid, type ListGridProps } from './list-grid.tsx';
import { ListStatus } from './list-status.tsx';
import { NothingFound } from './nothing-found.tsx';
import type { ListChoice } from './use-list-choice.ts';

interface FilteredListProps<Row, Filter extends string> extends Omit<
  ListGridProps<Row>,
  'selection' | 'onSelection'
> {
  readonly query: UseQueryResult<readonly Row[]>;
  /** Said while nothing is known yet. */
  readonly loading: string;
  /** Instead of a list in which there is nothing at all; of lists that are never empty none is needed. */
  readonly empty?: ReactNode;
  readonly choice: ListChoice<Filter>;
}

/** A page's list: its rows as they are filtered, or why there are none. */
export function FilteredList<Row, Filter extends string>(props: FilteredListProps<Row, Filter>) {
  const { query, loading, empty, choice, ...grid } = props;
  return (
    <ListStatus query={query} label={loading}>
      {(all) => {
        if (all.length === 0 && empty !== undefined) return empty;
        if (grid.rows.length === 0) return <NothingFound search={choice.search} onClear={choice.showAll} />;
        return <ListGrid {...grid} selection={choice.selection} onSelection={choice.setSelection} />;
      }}
    </ListStatus>
  );
}
