import type { Volume } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import { IconButton } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-grid/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import { CreatedCell, UseCell } from '../networks/network-columns.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import type { VolumeSizes } from './queries.ts';
import { useVolumeActions } from './use-volume-actions.ts';
import { shownName, volumeKind, volumePath } from './volume-list.ts';
import { volumeMenu } from './volume-menu.ts';

interface CellProps {
  readonly volume: Volume;
}

/** The sizes come after the list, as they are measured. */
export function volumeColumns(sizes: VolumeSizes | undefined): (t: Text) => readonly Column<Volume>[] {
  const bytesOf = ({ name }: Volume) => sizes?.get(name)?.sizeBytes;
  return (t) => [
    {
      id: 'name',
      header: t('column.name'),
      cell: (volume) => <NameCell volume={volume} />,
      compare: (a, b) => a.name.localeCompare(b.name),
    },
    {
      id: 'size',
      header: t('column.size'),
      align: 'end',
      cell: (volume) => <SizeCell bytes={bytesOf(volume)} />,
      compare: (a, b) => (bytesOf(a) ?? -1) - (bytesOf(b) ?? -1),
    },
    {
      id: 'kind',
      header: t('column.kind'),
      hideable: true,
      cell: (volume) => <span className="text-2">{t(volumeKind(volume))}</span>,
      compare: (a, b) => volumeKind(a).localeCompare(volumeKind(b)),
    },
    {
      id: 'use',
      header: t('column.usedBy'),
      cell: (volume) => <UseCell names={volume.usedBy.map(({ name }) => name)} />,
      compare: (a, b) => b.usedBy.length - a.usedBy.length,
    },
    {
      id: 'created',
      header: t('column.created'),
      align: 'end',
      hideable: true,
      cell: (volume) => <CreatedCell at={volume.createdAt} />,
      compare: (a, b) => b.createdAt.localeCompare(a.createdAt),
    },
    { id: 'actions', header: '', cell: (volume) => <ActionsCell volume={volume} /> },
  ];
}

function NameCell({ volume }: CellProps) {
  const t = useText();
  return (
    <div className="row">
      <Icon name="volume" />
      <a
        className={volume.anonymous ? 'list-name ellipsis mono' : 'list-name ellipsis'}
        href={`#${volumePath(volume.name)}`}
        title={volume.name}
        tabIndex={-1}
      >
        {shownName(volume)}
      </a>
      {volume.anonymous && <span className="tag">{t('volumes.anonymous')}</span>}
    </div>
  );
}

function SizeCell({ bytes }: { readonly bytes: number | undefined }) {
  const t = useText();
  const format = useFormat();
  if (bytes === undefined) return <span className="text-3">–</span>;
  return <span title={t('bytes.exact', { bytes: format.exactBytes(bytes) })}>{format.bytes(bytes)}</span>;
}

function ActionsCell({ volume }: CellProps) {
  const t = useText();
  const actions = useVolumeActions();
  return (
    <div className="grid-actions">
      <IconButton
        icon="download"
        label={t('volumes.export')}
        tabIndex={-1}
        onClick={() => openOverlay({ kind: 'export-volume', volume })}
      />
      <Menu
        trigger={<IconButton icon="kebab" label={t('action.more')} tabIndex={-1} />}
        entries={volumeMenu(volume, t, actions)}
      />
    </div>
  );
}
