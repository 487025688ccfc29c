import type { ReactNode } from 'react';

export interface Column<Row> {
  /** Also names its CSS class, `col-<id>`, which gives it its width. */
  readonly id: string;
  readonly header: string;
  readonly align?: 'end';
  readonly hideable?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** Rising order; a column without it cannot sort. */
  readonly compare?: (a: Row, b: Row) => number;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** First rising, then falling, then the list's own order again. */
export function nextSort(sort: Sort | undefined, column: string): Sort | undefined {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? undefined : { column, descending: true };
}

export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | undefined,
): readonly Row[] {
  const compare = columns.find((column) => column.id === sort?.column)?.compare;
  if (sort === undefined || compare === undefined) return rows;
  return [...rows].sort((a, b) => (sort.descending ? compare(b, a) : compare(a, b)));
}
