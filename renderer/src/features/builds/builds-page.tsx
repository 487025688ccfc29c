import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import type { BuildSummary } from '@longshore/engine/types';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilteredList } from '../lists/filtered-list.tsx';
import { ListToolbar } from '../lists/list-toolbar.tsx';
import { SelectionBar } from '../lists/selection-bar.tsx';
import { useListChoice } from '../lists/use-list-choice.ts';
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
  const choice = useListChoice<BuildFilter>();
  const { filter, search, selection } = choice;
  const view = useMemo(() => buildsView(query.data ?? [], filter, search), [query.data, filter, search]);
  const chosen = view.shown.filter((build) => selection.selected.has(build.id));
  return (
    <section className="page" aria-label={t('builds.title')}>
      {chosen.length > 0 ? (
        <BuildsBulkBar builds={chosen} onClear={choice.unselect} />
      ) : (
        <ListToolbar
          list="builds"
          columnsOf={buildColumns}
          choice={choice}
          filters={BUILD_FILTERS.map((value) => ({
            value,
            label: t(`builds.filter.${value}`),
            count: String(view.counts[value]),
          }))}
        >
          <IconButton
            icon="clear"
            label={t('builds.prune')}
            onClick={() => openOverlay({ kind: 'prune-build-cache' })}
          />
          <Button variant="primary" icon="build" onClick={() => openOverlay({ kind: 'build' })}>
            {t('builds.build')}
          </Button>
        </ListToolbar>
      )}
      <FilteredList
        query={query}
        loading={t('builds.loading')}
        empty={<NoBuilds />}
        choice={choice}
        list="builds"
        columnsOf={buildColumns}
        rows={view.shown}
        rowKey={keyOf}
        rowLabel={nameOf}
        onOpen={(build) => void navigate(buildPath(build))}
        onRemove={openRemoval}
      />
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
    <SelectionBar count={builds.length} onClear={onClear}>
      <span className="grow" />
      <Button
        variant="danger"
        icon="trash"
        disabled={builds.every(({ status }) => status === 'running')}
        onClick={() => openRemoval(builds)}
      >
        {t('builds.remove')}
      </Button>
    </SelectionBar>
  );
}
