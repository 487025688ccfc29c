import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Volume } from '@longshore/engine/types';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { clear, NOTHING_SELECTED, type Selection } from '../../ui/data-grid/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Kbd } from '../../ui/field.tsx';
import { ListGrid } from '../lists/list-grid.tsx';
import { ListStatus } from '../lists/list-status.tsx';
import { ListToolbar } from '../lists/list-toolbar.tsx';
import { NothingFound } from '../lists/nothing-found.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { same } from '../commands/action-command.ts';
import { useTrash, useVolumes, useVolumeSizes } from './queries.ts';
import { useVolumeActions } from './use-volume-actions.ts';
import { volumeColumns } from './volume-columns.tsx';
import {
  isUsed,
  shownName,
  VOLUME_FILTERS,
  type VolumeFilter,
  volumePath,
  volumesView,
} from './volume-list.ts';
import './volumes.css';
import '../networks/networks.css';

const keyOf = ({ name }: Volume) => name;

export function VolumesPage() {
  const t = useText();
  const navigate = useNavigate();
  const query = useVolumes();
  const actions = useVolumeActions();
  const [filter, setFilter] = useState<VolumeFilter>('all');
  const [search, setSearch] = useState('');
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const names = useMemo(() => (query.data ?? []).map(keyOf), [query.data]);
  const sizes = useVolumeSizes(names).data;
  const columnsOf = useMemo(() => volumeColumns(sizes), [sizes]);
  const view = useMemo(() => volumesView(query.data ?? [], filter, search), [query.data, filter, search]);
  const chosen = view.shown.filter(({ name }) => selection.selected.has(name));
  const remove = (volumes: readonly Volume[]) => void actions.remove(volumes.filter((each) => !isUsed(each)));
  return (
    <section className="page" aria-label={t('volumes.title')}>
      {chosen.length > 0 ? (
        <VolumesBulkBar volumes={chosen} onRemove={remove} onClear={() => setSelection(clear(selection))} />
      ) : (
        <ListToolbar
          list="volumes"
          columnsOf={columnsOf}
          search={search}
          onSearch={setSearch}
          filter={filter}
          onFilter={setFilter}
          filters={VOLUME_FILTERS.map((value) => ({
            value,
            label: t(`volumeFilter.${value}`),
            count: String(view.counts[value]),
          }))}
        >
          <ToolbarActions unused={view.counts.unused} empty={view.counts.all === 0} />
        </ListToolbar>
      )}
      <ListStatus query={query} label={t('volumes.loading')}>
        {(all) =>
          all.length === 0 ? (
            <NoVolumes />
          ) : view.shown.length === 0 ? (
            <NothingFound
              search={search}
              onClear={() => {
                setSearch('');
                setFilter('all');
              }}
            />
          ) : (
            <ListGrid
              list="volumes"
              columnsOf={columnsOf}
              rows={view.shown}
              rowKey={keyOf}
              rowLabel={shownName}
              selection={selection}
              onSelection={setSelection}
              onOpen={({ name }) => void navigate(volumePath(name))}
              onRemove={remove}
            />
          )
        }
      </ListStatus>
    </section>
  );
}

function ToolbarActions({ unused, empty }: { readonly unused: number; readonly empty: boolean }) {
  const t = useText();
  const navigate = useNavigate();
  const trashed = useTrash().data?.length ?? 0;
  return (
    <>
      <Button variant="quiet" icon="trash" onClick={() => void navigate('/volumes/trash')}>
        {t('trash.title')}
        {trashed > 0 && <span className="text-3">{trashed}</span>}
      </Button>
      <IconButton
        icon="clear"
        label={t('volumes.prune')}
        disabled={unused === 0}
        onClick={() => openOverlay({ kind: 'prune-volumes' })}
      />
      <Button icon="upload" onClick={() => openOverlay({ kind: 'import-volume', volume: undefined })}>
        {t('volumes.import')}
      </Button>
      <Button
        variant={empty ? 'default' : 'primary'}
        icon="plus"
        onClick={() => openOverlay({ kind: 'create-volume' })}
      >
        {t('volumes.create')}
      </Button>
    </>
  );
}

interface VolumesBulkBarProps {
  readonly volumes: readonly Volume[];
  readonly onRemove: (volumes: readonly Volume[]) => void;
  readonly onClear: () => void;
}

function VolumesBulkBar({ volumes, onRemove, onClear }: VolumesBulkBarProps) {
  const t = useText();
  const used = volumes.filter(isUsed).length;
  return (
    <div className="toolbar toolbar-selection" role="toolbar" aria-label={t('bulk.label')}>
      <span className="text-strong">{t('bulk.selected', { count: volumes.length })}</span>
      {used > 0 && <span className="text-3">{t('images.inUseCount', { count: used })}</span>}
      <span className="grow" />
      <Button
        variant="danger"
        icon="trash"
        disabled={used === volumes.length}
        onClick={() => onRemove(volumes)}
      >
        {t('volumes.removeUnused', { count: volumes.length - used })}
      </Button>
      <span className="divider" />
      <Button variant="quiet" onClick={onClear}>
        {t('bulk.clear')} <Kbd>Esc</Kbd>
      </Button>
    </div>
  );
}

function NoVolumes() {
  const t = useText();
  return (
    <EmptyState title={t('volumes.none')} text={t('volumes.noneText')}>
      <div className="empty-actions">
        <Button variant="primary" icon="plus" onClick={() => openOverlay({ kind: 'create-volume' })}>
          {t('volumes.create')}
        </Button>
        <Button icon="upload" onClick={() => openOverlay({ kind: 'import-volume', volume: undefined })}>
          {t('volumes.import')}
        </Button>
      </div>
      <div className="volumes-none">
        <CommandView command={same('run', '-d', '-v', 'data:/var/lib/data', 'busybox')} />
      </div>
    </EmptyState>
  );
}
