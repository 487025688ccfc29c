import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { DiskUsage } from '@longshore/engine/types';
import { type Format, useFormat } from '../../lib/use-format.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import {
  type Column,
  DataGrid,
  NOTHING_SELECTED,
  type Selection,
  type Sort,
  sortRows,
} from '../../ui/data-grid/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { type DiskItem, type DiskKind, itemsOf } from './disk-kinds.ts';

interface DiskItemsProps {
  readonly usage: DiskUsage;
  readonly kind: DiskKind;
}

const keyOf = ({ key }: DiskItem) => key;
const nameOf = ({ name }: DiskItem) => name;

/** All that is of one kind, the largest first. */
export function DiskItems({ usage, kind }: DiskItemsProps) {
  const t = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const [sort, setSort] = useState<Sort | undefined>();
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const items = useMemo(() => itemsOf(usage, kind), [usage, kind]);
  const columns = useMemo(() => itemColumns(t, format), [t, format]);
  const label = t(`disk.kind.${kind}`);
  if (items.length === 0) return <EmptyState title={t('disk.noItems', { kind: label })} />;
  return (
    <DataGrid
      label={label}
      className="disk-grid"
      columns={columns}
      rows={sortRows(items, columns, sort)}
      rowHeight={36}
      rowKey={keyOf}
      rowLabel={nameOf}
      sort={sort}
      onSort={setSort}
      selection={selection}
      onSelection={setSelection}
      onOpen={({ path }) => {
        if (path !== undefined) void navigate(path);
      }}
      onDelete={() => undefined}
    />
  );
}

function itemColumns(t: Text, format: Format): readonly Column<DiskItem>[] {
  const bytes = (count: number) => (
    <span title={t('bytes.exact', { bytes: format.exactBytes(count) })}>{format.bytes(count)}</span>
  );
  return [
    {
      id: 'name',
      header: t('column.name'),
      cell: ({ name, path }) =>
        path === undefined ? (
          <span className="ellipsis" title={name}>
            {name}
          </span>
        ) : (
          <a className="list-name ellipsis" href={`#${path}`} tabIndex={-1}>
            {name}
          </a>
        ),
      compare: (a, b) => a.name.localeCompare(b.name),
    },
    {
      id: 'use',
      header: t('column.inUse'),
      cell: ({ usedBy, inUse }) => (
        <span className={inUse ? 'text-2 ellipsis' : 'text-3'} title={usedBy.join('\n')}>
          {usedBy.length > 0 ? usedBy.join(', ') : t(inUse ? 'ui.yes' : 'ui.no')}
        </span>
      ),
      compare: (a, b) => Number(b.inUse) - Number(a.inUse),
    },
    {
      id: 'unique',
      header: t('column.unique'),
      align: 'end',
      cell: ({ uniqueBytes, sizeBytes }) => <span className="text-2">{bytes(uniqueBytes ?? sizeBytes)}</span>,
      compare: (a, b) => (a.uniqueBytes ?? a.sizeBytes) - (b.uniqueBytes ?? b.sizeBytes),
    },
    {
      id: 'size',
      header: t('column.size'),
      align: 'end',
      cell: ({ sizeBytes }) => bytes(sizeBytes),
      compare: (a, b) => a.sizeBytes - b.sizeBytes,
    },
  ];
}
