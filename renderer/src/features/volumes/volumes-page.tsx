import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import type { Volume } from '@longshore/engine/types';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilteredList } from '../lists/filtered-list.tsx';
import { ListToolbar } from '../lists/list-toolbar.tsx';
import { SelectionBar } from '../lists/selection-bar.tsx';
import { useListChoice } from '../lists/use-list-choice.ts';
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
  const choice = useListChoice<VolumeFilter>();
  const { filter, search, selection } = choice;
  const names = useMemo(() => (query.data ?? []).map(keyOf), [query.data]);
  const sizes = useVolumeSizes(names).data;
  const columnsOf = useMemo(() => volumeColumns(sizes), [sizes]);
  const view = useMemo(() => volumesView(query.data ?? [], filter, search), [query.data, filter, search]);
  const chosen = view.shown.filter(({ name }) => selection.selected.has(name));
  const remove = (volumes: readonly Volume[]) => void actions.remove(volumes.filter((each) => !isUsed(each)));
  return (
    <section className="page" aria-label={t('volumes.title')}>
      {chosen.length > 0 ? (
        <VolumesBulkBar volumes={chosen} onRemove={remove} onClear={choice.unselect} />
      ) : (
        <ListToolbar
          list="volumes"
          columnsOf={columnsOf}
          choice={choice}
          filters={VOLUME_FILTERS.map((value) => ({
            value,
            label: t(`volumeFilter.${value}`),
            count: String(view.counts[value]),
          }))}
        >
          <ToolbarActions unused={view.counts.unused} empty={view.counts.all === 0} />
        </ListToolbar>
      )}
      <FilteredList
        query={query}
        loading={t('volumes.loading')}
        empty={<NoVolumes />}
        choice={choice}
        list="volumes"
        columnsOf={columnsOf}
        rows={view.shown}
        rowKey={keyOf}
        rowLabel={shownName}
        onOpen={({ name }) => void navigate(volumePath(name))}
        onRemove={remove}
      />
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
    <SelectionBar
      count={volumes.length}
      onClear={onClear}
      note={used > 0 ? t('images.inUseCount', { count: used }) : undefined}
    >
      <span className="grow" />
      <Button
        variant="danger"
        icon="trash"
        disabled={used === volumes.length}
        onClick={() => onRemove(volumes)}
      >
        {t('volumes.removeUnused', { count: volumes.length - used })}
      </Button>
    </SelectionBar>
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
