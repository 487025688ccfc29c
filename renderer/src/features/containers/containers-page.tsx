import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import type { ContainerSummary } from '@longshore/engine/types';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Starters } from '../images/starters.tsx';
import { FilteredList } from '../lists/filtered-list.tsx';
import { ListToolbar } from '../lists/list-toolbar.tsx';
import { type ListChoice, useListChoice } from '../lists/use-list-choice.ts';
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
  const choice = useListChoice<StateFilter>();
  const { filter, search, selection } = choice;
  const view = useMemo(() => viewOf(query.data ?? [], filter, search), [query.data, filter, search]);
  const chosen = view.shown.filter((container) => selection.selected.has(container.id));
  return (
    <section className="page" aria-label={t('containers.title')}>
      {chosen.length > 0 ? (
        <BulkBar containers={chosen} selection={selection} onSelection={choice.setSelection} />
      ) : (
        <ContainersToolbar choice={choice} counts={view.counts} />
      )}
      <FilteredList
        query={query}
        loading={t('containers.loading')}
        empty={<NoContainers />}
        choice={choice}
        list="containers"
        columnsOf={containerColumns}
        rows={view.shown}
        rowKey={keyOf}
        rowLabel={displayName}
        onOpen={(container) => void navigate(`/containers/${container.id}/overview`)}
        onRemove={(containers) => openOverlay({ kind: 'remove-containers', containers })}
      />
    </section>
  );
}

interface ContainersToolbarProps {
  readonly choice: ListChoice<StateFilter>;
  readonly counts: Readonly<Record<StateFilter, number>>;
}

function ContainersToolbar({ choice, counts }: ContainersToolbarProps) {
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
      choice={choice}
    >
      <IconButton
        icon="clear"
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
