import { type ReactNode, useRef } from 'react';
import { useSlashKey } from '../../lib/use-slash-key.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import type { Column } from '../../ui/data-grid/index.ts';
import { SearchField } from '../../ui/field.tsx';
import { Segmented, type SegmentedOption } from '../../ui/segmented.tsx';
import { ColumnsMenu } from './columns-menu.tsx';
import type { ListName } from './list-grid.tsx';
import type { ListChoice } from './use-list-choice.ts';

interface ListToolbarProps<Row, Filter extends string> {
  readonly list: ListName;
  readonly columnsOf: (t: Text) => readonly Column<Row>[];
  readonly choice: ListChoice<Filter>;
  readonly filters: readonly SegmentedOption<Filter | 'all'>[];
  /** The page's primary action. */
  readonly children: ReactNode;
}

/** Above a list: what of it is shown, and what to do on this page. */
export function ListToolbar<Row, Filter extends string>(props: ListToolbarProps<Row, Filter>) {
  const { list, columnsOf, choice, filters, children } = props;
  const { filter, setFilter, search, setSearch } = choice;
  const t = useText();
  const field = useRef<HTMLInputElement>(null);
  useSlashKey(field);
  return (
    <div className="toolbar">
      <SearchField ref={field} value={search} label={t(`${list}.search`)} shortcut="/" onChange={setSearch} />
      <Segmented label={t(`${list}.filter`)} value={filter} onChange={setFilter} options={filters} />
      <span className="grow" />
      <ColumnsMenu table={list} columns={columnsOf(t)} />
      {children}
    </div>
  );
}
