import { useState } from 'react';
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

/** A table to read, of some hundreds of rows at most: it sorts, and nothing in it is chosen. */
export function DetailsTable<Row>({ name, label, columns, rows, rowKey }: DetailsTableProps<Row>) {
  const [sort, setSort] = useState<Sort | undefined>();
  return (
    <div className="details-scroll" tabIndex={0} role="region" aria-label={label}>
      <table className={`table ${name}`}>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sort={sort} onSort={setSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sortRows(rows, columns, sort).map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.id} className={cellClass(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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
