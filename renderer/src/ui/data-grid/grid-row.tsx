import type { MouseEvent } from 'react';
import { useText } from '../../messages/use-text.ts';
import { Checkbox } from '../checkbox.tsx';
import type { Column } from './columns.ts';
import { activate, extendTo, type Selection, toggle } from './selection.ts';

interface GridRowProps<Row> {
  readonly id: string;
  readonly index: number;
  readonly top: number;
  readonly row: Row;
  readonly rowId: string;
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly keys: readonly string[];
  readonly selection: Selection;
  readonly onSelection: (selection: Selection) => void;
  readonly onOpen: (row: Row) => void;
}

export function GridRow<Row>(props: GridRowProps<Row>) {
  const { id, index, top, row, rowId, label, columns, keys, selection, onSelection, onOpen } = props;
  const t = useText();
  const selected = selection.selected.has(rowId);
  const active = selection.active === rowId;
  const classes = ['grid-row', selected ? 'grid-selected' : '', active ? 'grid-active' : ''];
  const choose = (event: MouseEvent) => {
    if (isControl(event.target)) return;
    if (event.shiftKey) onSelection(extendTo(selection, rowId, keys));
    else if (event.ctrlKey || event.metaKey) onSelection(toggle(selection, rowId));
    else onSelection(activate(selection, rowId));
  };
  return (
    <div
      id={id}
      className={classes.filter(Boolean).join(' ')}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      // Set through the CSSOM, which the content security policy allows.
      style={{ transform: `translateY(${top}px)` }}
      onClick={choose}
      onDoubleClick={(event) => {
        if (!isControl(event.target)) onOpen(row);
      }}
    >
      <div className="grid-cell col-check" role="gridcell">
        <Checkbox
          checked={selected}
          label={t('grid.select', { name: label })}
          tabIndex={-1}
          onChange={() => undefined}
          onClick={(event) => {
            onSelection(event.shiftKey ? extendTo(selection, rowId, keys) : toggle(selection, rowId));
          }}
        />
      </div>
      {columns.map((column) => (
        <div
          key={column.id}
          role="gridcell"
          className={`grid-cell col-${column.id}${column.align === 'end' ? ' grid-end' : ''}`}
        >
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('button, a, input') !== null;
}
