import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { ContainerSummary } from '@longshore/engine/types';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { NOTHING_SELECTED, type Selection } from '../../ui/data-grid/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Starters } from '../images/starters.tsx';
import { ListGrid } from '../lists/list-grid.tsx';
import { ListStatus } from '../lists/list-status.tsx';
import { ListToolbar } from '../lists/list-toolbar.tsx';
import { NothingFound } from '../lists/nothing-found.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { BulkBar } from './bulk-bar.tsx';
import { containerColumns } from './container-columns.tsx';
import { displayName, viewOf } from './container-list.ts';
import { STATE_FILTERS, type StateFilter } from './container-state.ts';
import { useContainers } from './queries.ts';
import './containers.css';

const keyOf = (container: ContainerSummary) => container.id;

export function ContainersPage() {
  const t = useText();
  const navigate = useNavigate();
  const query = useContainers();
  const [filter, setFilter] = useState<StateFilter>('all');
  const [search, setSearch] = useState('');
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const view = useMemo(() => viewOf(query.data ?? [], filter, search), [query.data, filter, search]);
  const chosen = view.shown.filter((container) => selection.selected.has(container.id));
  return (
    <section className="page" aria-label={t('containers.title')}>
      {chosen.length > 0 ? (
        <BulkBar containers={chosen} selection={selection} onSelection={setSelection} />
      ) : (
        <ContainersToolbar
          filter={filter}
          onFilter={setFilter}
          search={search}
          onSearch={setSearch}
          counts={view.counts}
        />
      )}
      <ListStatus query={query} label={t('containers.loading')}>
        {(all) =>
          all.length === 0 ? (
            <NoContainers />
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
              list="containers"
              columnsOf={containerColumns}
              rows={view.shown}
              rowKey={keyOf}
              rowLabel={displayName}
              selection={selection}
              onSelection={setSelection}
              onOpen={(container) => void navigate(`/containers/${container.id}/overview`)}
              onRemove={(containers) => openOverlay({ kind: 'remove-containers', containers })}
            />
          )
        }
      </ListStatus>
    </section>
  );
}

interface ContainersToolbarProps {
  readonly filter: StateFilter;
  readonly onFilter: (filter: StateFilter) => void;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly counts: Readonly<Record<StateFilter, number>>;
}

function ContainersToolbar({ counts, ...rest }: ContainersToolbarProps) {
  const t = useText();
  return (
    <ListToolbar
      list="containers"
      columnsOf={containerColumns}
      filters={STATE_FILTERS.map((value) => ({
        value,
        label: t(`filter.${value}`),
        count: String(counts[value]),
      }))}
      {...rest}
    >
      <IconButton
        icon="trash"
        label={t('action.prune')}
        disabled={counts.stopped === 0}
        onClick={() => openOverlay({ kind: 'prune-containers' })}
      />
      <Button
        variant={counts.all === 0 ? 'default' : 'primary'}
        icon="plus"
        onClick={() => openOverlay({ kind: 'run', image: '' })}
      >
        {t('containers.run')}
      </Button>
    </ListToolbar>
  );
}

function NoContainers() {
  const t = useText();
  return (
    <EmptyState wide title={t('containers.none')} text={t('containers.noneText')}>
      <Starters />
      <div className="empty-actions">
        <Button variant="quiet" icon="download" onClick={() => openOverlay({ kind: 'pull', reference: '' })}>
          {t('images.pull')}
        </Button>
      </div>
    </EmptyState>
  );
}
