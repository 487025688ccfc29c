import { useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { ContainerSummary } from '@longshore/engine/types';
import { useHiddenColumns, usePreferences } from '../../lib/preferences.ts';
import { useSlashKey } from '../../lib/use-slash-key.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { DataGrid, NOTHING_SELECTED, type Selection, type Sort, sortRows } from '../../ui/data-grid/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SearchField } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ColumnsMenu } from '../system/columns-menu.tsx';
import { ListStatus } from '../system/list-status.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { Starters } from '../images/starters.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { containerColumns } from './container-columns.tsx';
import { displayName, viewOf } from './container-list.ts';
import type { StateFilter } from './container-state.ts';
import { useContainers } from './queries.ts';
import './containers.css';

const FILTERS: readonly StateFilter[] = ['all', 'running', 'stopped'];
const keyOf = (container: ContainerSummary) => container.id;

export function ContainersPage() {
  const t = useText();
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
              onClear={() => {
                setSearch('');
                setFilter('all');
              }}
              text={nothingFoundText(t, search)}
            />
          ) : (
            <ContainersGrid rows={view.shown} selection={selection} onSelection={setSelection} />
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

function ContainersToolbar({ filter, onFilter, search, onSearch, counts }: ContainersToolbarProps) {
  const t = useText();
  const field = useRef<HTMLInputElement>(null);
  useSlashKey(field);
  return (
    <div className="toolbar">
      <SearchField
        ref={field}
        value={search}
        label={t('containers.search')}
        shortcut="/"
        onChange={onSearch}
      />
      <Segmented
        label={t('containers.filter')}
        value={filter}
        onChange={onFilter}
        options={FILTERS.map((value) => ({
          value,
          label: t(`filter.${value}`),
          count: String(counts[value]),
        }))}
      />
      <span className="grow" />
      <ColumnsMenu table="containers" columns={containerColumns(t)} />
      <Button
        variant={counts.all === 0 ? 'default' : 'primary'}
        icon="plus"
        onClick={() => openOverlay({ kind: 'run', image: '' })}
      >
        {t('containers.run')}
      </Button>
    </div>
  );
}

interface ContainersGridProps {
  readonly rows: readonly ContainerSummary[];
  readonly selection: Selection;
  readonly onSelection: (selection: Selection) => void;
}

function ContainersGrid({ rows, selection, onSelection }: ContainersGridProps) {
  const t = useText();
  const navigate = useNavigate();
  const hidden = useHiddenColumns('containers');
  const density = usePreferences((preferences) => preferences.density);
  const [sort, setSort] = useState<Sort | undefined>();
  const columns = useMemo(
    () => containerColumns(t).filter((column) => column.hideable !== true || !hidden.includes(column.id)),
    [t, hidden],
  );
  const sorted = useMemo(() => sortRows(rows, columns, sort), [rows, columns, sort]);
  const remove = () => {
    const keys = selection.selected.size > 0 ? selection.selected : new Set([selection.active]);
    const containers = rows.filter((container) => keys.has(container.id));
    if (containers.length > 0) openOverlay({ kind: 'remove-containers', containers });
  };
  return (
    <DataGrid
      label={t('containers.title')}
      className="containers-grid"
      columns={columns}
      rows={sorted}
      rowHeight={density === 'comfortable' ? 44 : 36}
      rowKey={keyOf}
      rowLabel={displayName}
      sort={sort}
      onSort={setSort}
      selection={selection}
      onSelection={onSelection}
      onOpen={(container) => void navigate(`/containers/${container.id}/overview`)}
      onDelete={remove}
    />
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

export function NothingFound({ text, onClear }: { readonly text: string; readonly onClear: () => void }) {
  const t = useText();
  return (
    <EmptyState title={t('list.nothingFound')} text={text}>
      <div className="empty-actions">
        <Button icon="close" onClick={onClear}>
          {t('list.clearFilter')}
        </Button>
      </div>
    </EmptyState>
  );
}

function nothingFoundText(t: Text, search: string): string {
  return search === '' ? t('list.noneInFilter') : t('list.noneMatch', { search });
}
