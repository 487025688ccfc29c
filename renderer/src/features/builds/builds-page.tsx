import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { BuildSummary } from '@longshore/engine/types';
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
import { buildColumns } from './build-columns.tsx';
import { BUILD_FILTERS, type BuildFilter, buildPath, buildsView } from './build-list.ts';
import { useBuilds } from './queries.ts';
import './builds.css';

const keyOf = (build: BuildSummary) => build.id;
const nameOf = (build: BuildSummary) => build.name;

export function BuildsPage() {
  const t = useText();
  const navigate = useNavigate();
  const query = useBuilds();
  const [filter, setFilter] = useState<BuildFilter>('all');
  const [search, setSearch] = useState('');
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const view = useMemo(() => buildsView(query.data ?? [], filter, search), [query.data, filter, search]);
  const chosen = view.shown.filter((build) => selection.selected.has(build.id));
  return (
    <section className="page" aria-label={t('builds.title')}>
      {chosen.length > 0 ? (
        <BuildsBulkBar builds={chosen} onClear={() => setSelection(clear(selection))} />
      ) : (
        <ListToolbar
          list="builds"
          columnsOf={buildColumns}
          search={search}
          onSearch={setSearch}
          filter={filter}
          onFilter={setFilter}
          filters={BUILD_FILTERS.map((value) => ({
            value,
            label: t(`builds.filter.${value}`),
            count: String(view.counts[value]),
          }))}
        >
          <IconButton
            icon="trash"
            label={t('builds.prune')}
            onClick={() => openOverlay({ kind: 'prune-build-cache' })}
          />
          <Button variant="primary" icon="build" onClick={() => openOverlay({ kind: 'build' })}>
            {t('builds.build')}
          </Button>
        </ListToolbar>
      )}
      <ListStatus query={query} label={t('builds.loading')}>
        {(all) =>
          all.length === 0 ? (
            <NoBuilds />
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
              list="builds"
              columnsOf={buildColumns}
              rows={view.shown}
              rowKey={keyOf}
              rowLabel={nameOf}
              selection={selection}
              onSelection={setSelection}
              onOpen={(build) => void navigate(buildPath(build))}
              onRemove={openRemoval}
            />
          )
        }
      </ListStatus>
    </section>
  );
}

function NoBuilds() {
  const t = useText();
  return (
    <EmptyState title={t('builds.empty')} text={t('builds.emptyText')}>
      <div className="empty-actions">
        <Button variant="primary" icon="build" onClick={() => openOverlay({ kind: 'build' })}>
          {t('builds.build')}
        </Button>
      </div>
    </EmptyState>
  );
}

/** Those under way stay, and are not asked about. */
function openRemoval(builds: readonly BuildSummary[]): void {
  const ended = builds.filter(({ status }) => status !== 'running');
  if (ended.length > 0) openOverlay({ kind: 'remove-builds', builds: ended });
}

interface BuildsBulkBarProps {
  readonly builds: readonly BuildSummary[];
  readonly onClear: () => void;
}

function BuildsBulkBar({ builds, onClear }: BuildsBulkBarProps) {
  const t = useText();
  return (
    <div className="toolbar toolbar-selection" role="toolbar" aria-label={t('bulk.label')}>
      <span className="text-strong">{t('bulk.selected', { count: builds.length })}</span>
      <span className="grow" />
      <Button
        variant="danger"
        icon="trash"
        disabled={builds.every(({ status }) => status === 'running')}
        onClick={() => openRemoval(builds)}
      >
        {t('builds.remove')}
      </Button>
      <span className="divider" />
      <Button variant="quiet" onClick={onClear}>
        {t('bulk.clear')} <Kbd>Esc</Kbd>
      </Button>
    </div>
  );
}
