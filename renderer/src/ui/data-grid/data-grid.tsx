import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useId, useMemo, useRef } from 'react';
import { useText } from '../../messages/use-text.ts';
import { Checkbox } from '../checkbox.tsx';
import { Icon } from '../icon.tsx';
import { type Column, nextSort, type Sort } from './columns.ts';
import { clear, keepOnly, selectAll, type Selection } from './selection.ts';
import { gridKeyHandler } from './grid-keys.ts';
import { GridRow } from './grid-row.tsx';
import './data-grid.css';

export interface DataGridProps<Row> {
  readonly label: string;
  readonly className: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowHeight: number;
  readonly rowKey: (row: Row) => string;
  readonly rowLabel: (row: Row) => string;
  readonly sort: Sort | undefined;
  readonly onSort: (sort: Sort | undefined) => void;
  readonly selection: Selection;
  readonly onSelection: (selection: Selection) => void;
  readonly onOpen: (row: Row) => void;
  readonly onDelete: () => void;
  /** Rows that are not of the list, before it. */
  readonly before?: ReactNode;
}

/** A list of thousands of rows of which only those in sight exist. The grid has the focus; `active` moves in it. */
export function DataGrid<Row>(props: DataGridProps<Row>) {
  const { columns, rows, rowHeight, rowKey, selection, onSelection } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const gridId = useId();
  const keys = useMemo(() => rows.map(rowKey), [rows, rowKey]);
  // The rows are drawn by the virtualizer's own state, which the compiler's rules cannot see through.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: 32,
    initialRect: { width: 1200, height: 800 },
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  useEffect(() => {
    const kept = keepOnly(selection, keys);
    if (kept !== selection) onSelection(kept);
  }, [selection, keys, onSelection]);

  const handleKey = gridKeyHandler({
    keys,
    selection,
    pageSize: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1),
    onSelection,
    onActive: (index) => virtualizer.scrollToIndex(index),
    onOpen: (index) => {
      const row = rows[index];
      if (row !== undefined) props.onOpen(row);
    },
    onDelete: props.onDelete,
  });
  const activeIndex = selection.active === undefined ? -1 : keys.indexOf(selection.active);

  return (
    <div
      ref={scroller}
      className={`grid ${props.className}`}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-multiselectable
      aria-rowcount={rows.length + 1}
      aria-activedescendant={activeIndex < 0 ? undefined : `${gridId}-${activeIndex}`}
      onKeyDown={handleKey}
    >
      <GridHeader {...props} keys={keys} />
      {props.before}
      <div className="grid-body" role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          const key = keys[item.index];
          if (row === undefined || key === undefined) return null;
          return (
            <GridRow
              key={key}
              id={`${gridId}-${item.index}`}
              index={item.index}
              top={item.start}
              row={row}
              rowId={key}
              label={props.rowLabel(row)}
              columns={columns}
              keys={keys}
              selection={selection}
              onSelection={onSelection}
              onOpen={props.onOpen}
            />
          );
        })}
      </div>
    </div>
  );
}

interface GridHeaderProps<Row> extends Pick<
  DataGridProps<Row>,
  'columns' | 'sort' | 'onSort' | 'selection' | 'onSelection'
> {
  readonly keys: readonly string[];
}

function GridHeader<Row>({ columns, sort, onSort, selection, onSelection, keys }: GridHeaderProps<Row>) {
  const t = useText();
  const count = selection.selected.size;
  const all = count === 0 ? false : count === keys.length ? true : ('mixed' as const);
  return (
    <div className="grid-header" role="row" aria-rowindex={1}>
      <div className="grid-cell col-check" role="columnheader">
        <Checkbox
          checked={all}
          label={t('grid.selectAll')}
          onChange={() => onSelection(all === true ? clear(selection) : selectAll(selection, keys))}
        />
      </div>
      {columns.map((column) => (
        <HeaderCell key={column.id} column={column} sort={sort} onSort={onSort} />
      ))}
    </div>
  );
}

interface HeaderCellProps<Row> {
  readonly column: Column<Row>;
  readonly sort: Sort | undefined;
  readonly onSort: (sort: Sort | undefined) => void;
}

function HeaderCell<Row>({ column, sort, onSort }: HeaderCellProps<Row>) {
  const sorted = sort?.column === column.id ? (sort.descending ? 'descending' : 'ascending') : 'none';
  const classes = `grid-cell col-${column.id}${column.align === 'end' ? ' grid-end' : ''}`;
  return (
    <div
      className={classes}
      role="columnheader"
      aria-sort={column.compare === undefined ? undefined : sorted}
    >
      {column.compare === undefined ? (
        <span>{column.header}</span>
      ) : (
        <button type="button" className="grid-sort" onClick={() => onSort(nextSort(sort, column.id))}>
          {column.header}
          {sorted !== 'none' && <Icon name={sorted === 'ascending' ? 'chevron-up' : 'chevron-down'} small />}
        </button>
      )}
    </div>
  );
}
