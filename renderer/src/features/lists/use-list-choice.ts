import { useCallback, useState } from 'react';
import { clear, NOTHING_SELECTED, type Selection } from '../../ui/data-grid/index.ts';

/** What of a list is shown, and what of it is selected, for as long as its page is open. */
export interface ListChoice<Filter extends string> {
  readonly filter: Filter | 'all';
  readonly setFilter: (filter: Filter | 'all') => void;
  readonly search: string;
  readonly setSearch: (search: string) => void;
  /** Neither a search nor a filter. */
  readonly showAll: () => void;
  readonly selection: Selection;
  readonly setSelection: (selection: Selection) => void;
  readonly unselect: () => void;
}

export function useListChoice<Filter extends string>(): ListChoice<Filter> {
  const [filter, setFilter] = useState<Filter | 'all'>('all');
  const [search, setSearch] = useState('');
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const showAll = useCallback(() => {
    setSearch('');
    setFilter('all');
  }, []);
  const unselect = useCallback(() => setSelection(clear), []);
  return { filter, setFilter, search, setSearch, showAll, selection, setSelection, unselect };
}
