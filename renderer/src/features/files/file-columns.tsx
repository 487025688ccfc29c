import type { Format } from '../../lib/use-format.ts';
import type { Text } from '../../messages/use-text.ts';
import { IconButton } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-grid/index.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import type { FileActions } from './file-actions.ts';
import { fileMenu } from './file-menu.ts';
import { byName, type FileRow, isGone, modeText } from './file-rows.ts';

interface ColumnContext {
  readonly t: Text;
  readonly format: Format;
  readonly now: number;
  readonly actions: FileActions;
}

const ICONS: Readonly<Partial<Record<FileRow['entry']['type'], IconName>>> = {
  directory: 'folder',
  link: 'external',
};

const MARKS = { added: 'A', modified: 'M', deleted: 'D' } as const;

export function fileColumns(context: ColumnContext): readonly Column<FileRow>[] {
  const { t, format, now } = context;
  return [
    {
      id: 'file',
      header: t('column.name'),
      cell: (row) => <NameCell row={row} {...context} />,
      compare: byName,
    },
    {
      id: 'size',
      header: t('column.size'),
      align: 'end',
      cell: ({ entry }) =>
        entry.type === 'file' ? (
          <span title={t('bytes.exact', { bytes: format.exactBytes(entry.sizeBytes) })}>
            {format.bytes(entry.sizeBytes)}
          </span>
        ) : (
          DASH
        ),
      compare: (a, b) => a.entry.sizeBytes - b.entry.sizeBytes,
    },
    {
      id: 'modified',
      header: t('column.modified'),
      align: 'end',
      cell: ({ entry }) =>
        entry.modifiedAt === '' ? (
          DASH
        ) : (
          <span className="text-2" title={format.dateTime(entry.modifiedAt)}>
            {format.ago(entry.modifiedAt, now)}
          </span>
        ),
      compare: (a, b) => b.entry.modifiedAt.localeCompare(a.entry.modifiedAt),
    },
    {
      id: 'mode',
      header: t('column.mode'),
      cell: (row) => (isGone(row) ? DASH : <span className="mono text-3">{modeText(row.entry)}</span>),
    },
    {
      id: 'owner',
      header: t('column.owner'),
      align: 'end',
      cell: (row) =>
        isGone(row) ? (
          DASH
        ) : (
          <span className="mono text-3">
            {row.entry.uid}:{row.entry.gid}
          </span>
        ),
      compare: (a, b) => a.entry.uid - b.entry.uid,
    },
    { id: 'actions', header: '', cell: (row) => <ActionsCell row={row} {...context} /> },
  ];
}

const DASH = <span className="text-3">–</span>;

interface CellProps extends ColumnContext {
  readonly row: FileRow;
}

function NameCell({ row, t, actions }: CellProps) {
  const { entry, change } = row;
  const mark = change !== undefined && (
    <span className={`change-mark change-${change} mono`} title={t(`changes.${change}`)}>
      {MARKS[change]}
      <span className="visually-hidden"> {t(`changes.${change}`)}</span>
    </span>
  );
  if (isGone(row)) {
    return (
      <div className="row">
        <Icon name="file" />
        <s className="ellipsis text-3">{entry.name}</s>
        {mark}
      </div>
    );
  }
  return (
    <div className="row">
      <Icon name={ICONS[entry.type] ?? 'file'} />
      <button type="button" className="file-name ellipsis" tabIndex={-1} onClick={() => actions.open(row)}>
        {entry.name}
      </button>
      {entry.linkTarget !== null && <span className="mono text-3 ellipsis">→ {entry.linkTarget}</span>}
      {mark}
    </div>
  );
}

function ActionsCell({ row, t, actions }: CellProps) {
  if (isGone(row)) return null;
  return (
    <div className="grid-actions">
      <IconButton
        icon="download"
        label={t('files.download')}
        tabIndex={-1}
        onClick={() => actions.download([row])}
      />
      <Menu
        trigger={<IconButton icon="kebab" label={t('action.more')} tabIndex={-1} />}
        entries={fileMenu(row, t, actions)}
      />
    </div>
  );
}
