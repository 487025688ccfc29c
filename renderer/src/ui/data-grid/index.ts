export { DataGrid } from './data-grid.tsx';
export { type Column, nextSort, type Sort, sortRows } from './columns.ts';
export { clear, NOTHING_SELECTED, type Selection } from './selection.ts';
