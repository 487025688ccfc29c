import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { type Column, nextSort, type Sort, sortRows } from '../../ui/data-grid/index.ts';
import { Icon } from '../../ui/icon.tsx';

interface DetailsTableProps<Row> {
  /** Also names its CSS class; columns have theirs by their id. */
  readonly name: string;
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string | number;
}

/** As tokens.css has it. */
const ROW_HEIGHT = 36;

/** A table to read, of any number of rows: it sorts, nothing in it is chosen, and only rows in sight exist. */
export function DetailsTable<Row>({ name, label, columns, rows, rowKey }: DetailsTableProps<Row>) {
  const [sort, setSort] = useState<Sort | undefined>();
  const scroller = useRef<HTMLDivElement>(null);
  const sorted = useMemo(() => sortRows(rows, columns, sort), [rows, columns, sort]);
  // The rows are drawn by the virtualizer's own state, which the compiler's rules cannot see through.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    initialRect: { width: 1200, height: 800 },
  });
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div ref={scroller} className="details-scroll" tabIndex={0} role="region" aria-label={label}>
      <table className={`table ${name}`} aria-rowcount={sorted.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sort={sort} onSort={setSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={before} columns={columns.length} />
          {items.map(({ index }) => {
            const row = sorted[index];
            if (row === undefined) return null;
            return (
              <tr key={rowKey(row)} aria-rowindex={index + 2}>
                {columns.map((column) => (
                  <td key={column.id} className={cellClass(column)}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          <Gap height={after} columns={columns.length} />
        </tbody>
      </table>
    </div>
  );
}

/** Stands for the rows that are out of sight. */
function Gap({ height, columns }: { readonly height: number; readonly columns: number }) {
  if (height <= 0) return null;
  return (
    <tr className="table-gap" aria-hidden="true">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

function cellClass({ id, align }: { readonly id: string; readonly align?: 'end' }): string {
  return align === 'end' ? `col-${id} table-end` : `col-${id}`;
}

interface HeaderCellProps<Row> {
  readonly column: Column<Row>;
  readonly sort: Sort | undefined;
  readonly onSort: (sort: Sort | undefined) => void;
}

function HeaderCell<Row>({ column, sort, onSort }: HeaderCellProps<Row>) {
  if (column.compare === undefined) {
    return (
      <th scope="col" className={cellClass(column)}>
        {column.header}
      </th>
    );
  }
  const sorted = sort?.column === column.id ? (sort.descending ? 'descending' : 'ascending') : 'none';
  return (
    <th scope="col" className={cellClass(column)} aria-sort={sorted}>
      <button type="button" className="grid-sort" onClick={() => onSort(nextSort(sort, column.id))}>
        {column.header}
        {sorted !== 'none' && <Icon name={sorted === 'ascending' ? 'chevron-up' : 'chevron-down'} small />}
      </button>
    </th>
  );
}
