import { type ReactNode, useMemo, useState } from 'react';
import { useHiddenColumns, usePreferences } from '../../lib/preferences.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import { type Column, DataGrid, type Selection, type Sort, sortRows } from '../../ui/data-grid/index.ts';

/** The lists of objects that have pages of their own. */
export type ListName = 'builds' | 'containers' | 'images' | 'networks' | 'volumes';

export interface ListGridProps<Row> {
  /** Under this name the columns that a person took away are kept. */
  readonly list: ListName | 'events';
  readonly columnsOf: (t: Text) => readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly rowLabel: (row: Row) => string;
  readonly selection: Selection;
  readonly onSelection: (selection: Selection) => void;
  readonly onOpen: (row: Row) => void;
  /** Those that are selected; with no selection the one that the keyboard is on. Never none. */
  readonly onRemove: (rows: readonly Row[]) => void;
  readonly before?: ReactNode;
  /** Of a list in which rows have rows below them: those that are shown; sorted among themselves. */
  readonly childrenOf?: (row: Row) => readonly Row[];
}

const ROW_HEIGHT = { compact: 36, comfortable: 44 };

/** A list of the engine's objects with the columns, the order and the density that a person chose. */
export function ListGrid<Row>(props: ListGridProps<Row>) {
  const { list, columnsOf, rows, rowKey, selection, onRemove, childrenOf, ...rest } = props;
  const t = useText();
  const hidden = useHiddenColumns(list);
  const density = usePreferences((preferences) => preferences.density);
  const [sort, setSort] = useState<Sort | undefined>();
  const columns = useMemo(
    () => columnsOf(t).filter((column) => column.hideable !== true || !hidden.includes(column.id)),
    [columnsOf, t, hidden],
  );
  const sorted = useMemo(() => {
    const tops = sortRows(rows, columns, sort);
    if (childrenOf === undefined) return tops;
    return tops.flatMap((row) => [row, ...sortRows(childrenOf(row), columns, sort)]);
  }, [rows, columns, sort, childrenOf]);
  const remove = () => {
    const keys = selection.selected.size > 0 ? selection.selected : new Set([selection.active]);
    const chosen = sorted.filter((row) => keys.has(rowKey(row)));
    if (chosen.length > 0) onRemove(chosen);
  };
  return (
    <DataGrid
      {...rest}
      label={t(`${list}.title`)}
      className={`${list}-grid`}
      columns={columns}
      rows={sorted}
      rowHeight={ROW_HEIGHT[density]}
      rowKey={rowKey}
      sort={sort}
      onSort={setSort}
      selection={selection}
      onDelete={remove}
    />
  );
}
