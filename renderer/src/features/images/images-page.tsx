import { useMemo, useRef, useState } from 'react';
import type { ImageSummary } from '@longshore/engine/types';
import { useHiddenColumns, usePreferences } from '../../lib/preferences.ts';
import { useSlashKey } from '../../lib/use-slash-key.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import {
  clear,
  DataGrid,
  NOTHING_SELECTED,
  type Selection,
  type Sort,
  sortRows,
} from '../../ui/data-grid/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Kbd, SearchField } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { NothingFound } from '../containers/containers-page.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { ColumnsMenu } from '../system/columns-menu.tsx';
import { ListStatus } from '../system/list-status.tsx';
import { imageColumns } from './image-columns.tsx';
import { imageName, imagesView, type UseFilter } from './image-list.ts';
import { PullPanel } from './pull-panel.tsx';
import { isUnderWay, usePulls } from './pull-store.ts';
import { PullingRows } from './pulling-rows.tsx';
import { useImages } from './queries.ts';
import { Starters } from './starters.tsx';
import './images.css';

const FILTERS: readonly UseFilter[] = ['all', 'used', 'unused'];
const keyOf = (image: ImageSummary) => image.id;

export function ImagesPage() {
  const t = useText();
  const query = useImages();
  const [filter, setFilter] = useState<UseFilter>('all');
  const [search, setSearch] = useState('');
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const { pulls, shown } = usePulls();
  const pull = shown === undefined ? undefined : pulls[shown];
  const pulling = Object.values(pulls).some(isUnderWay);
  const view = useMemo(() => imagesView(query.data ?? [], filter, search), [query.data, filter, search]);
  const chosen = view.shown.filter((image) => selection.selected.has(image.id));
  return (
    <section className="page" aria-label={t('images.title')}>
      {chosen.length > 0 ? (
        <ImagesBulkBar images={chosen} onClear={() => setSelection(clear(selection))} />
      ) : (
        <ImagesToolbar
          filter={filter}
          onFilter={setFilter}
          search={search}
          onSearch={setSearch}
          counts={view.counts}
        />
      )}
      <div className="images-body">
        <ListStatus query={query} label={t('images.loading')}>
          {(all) =>
            all.length === 0 && !pulling && pull === undefined ? (
              <NoImages />
            ) : view.shown.length === 0 && all.length > 0 ? (
              <NothingFound
                text={search === '' ? t('list.noneInFilter') : t('list.noneMatch', { search })}
                onClear={() => {
                  setSearch('');
                  setFilter('all');
                }}
              />
            ) : (
              <ImagesGrid rows={view.shown} selection={selection} onSelection={setSelection} />
            )
          }
        </ListStatus>
        {pull !== undefined && <PullPanel pull={pull} />}
      </div>
    </section>
  );
}

interface ImagesToolbarProps {
  readonly filter: UseFilter;
  readonly onFilter: (filter: UseFilter) => void;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly counts: Readonly<Record<UseFilter, number>>;
}

function ImagesToolbar({ filter, onFilter, search, onSearch, counts }: ImagesToolbarProps) {
  const t = useText();
  const field = useRef<HTMLInputElement>(null);
  useSlashKey(field);
  return (
    <div className="toolbar">
      <SearchField ref={field} value={search} label={t('images.search')} shortcut="/" onChange={onSearch} />
      <Segmented
        label={t('images.filter')}
        value={filter}
        onChange={onFilter}
        options={FILTERS.map((value) => ({
          value,
          label: t(`imageFilter.${value}`),
          count: String(counts[value]),
        }))}
      />
      <span className="grow" />
      <ColumnsMenu table="images" columns={imageColumns(t)} />
      <Button
        variant={counts.all === 0 ? 'default' : 'primary'}
        icon="download"
        onClick={() => openOverlay({ kind: 'pull', reference: '' })}
      >
        {t('images.pull')}
      </Button>
    </div>
  );
}

interface ImagesBulkBarProps {
  readonly images: readonly ImageSummary[];
  readonly onClear: () => void;
}

function ImagesBulkBar({ images, onClear }: ImagesBulkBarProps) {
  const t = useText();
  return (
    <div className="toolbar toolbar-selection" role="toolbar" aria-label={t('bulk.label')}>
      <span className="text-strong">{t('bulk.selected', { count: images.length })}</span>
      <span className="text-3">
        {t('images.inUseCount', { count: images.filter((i) => i.usedBy.length > 0).length })}
      </span>
      <span className="grow" />
      <Button variant="danger" icon="trash" onClick={() => openOverlay({ kind: 'remove-images', images })}>
        {t('action.delete')}
      </Button>
      <span className="divider" />
      <Button variant="quiet" onClick={onClear}>
        {t('bulk.clear')} <Kbd>Esc</Kbd>
      </Button>
    </div>
  );
}

interface ImagesGridProps {
  readonly rows: readonly ImageSummary[];
  readonly selection: Selection;
  readonly onSelection: (selection: Selection) => void;
}

function ImagesGrid({ rows, selection, onSelection }: ImagesGridProps) {
  const t = useText();
  const hidden = useHiddenColumns('images');
  const density = usePreferences((preferences) => preferences.density);
  const [sort, setSort] = useState<Sort | undefined>();
  const columns = useMemo(
    () => imageColumns(t).filter((column) => column.hideable !== true || !hidden.includes(column.id)),
    [t, hidden],
  );
  const sorted = useMemo(() => sortRows(rows, columns, sort), [rows, columns, sort]);
  const remove = () => {
    const keys = selection.selected.size > 0 ? selection.selected : new Set([selection.active]);
    const images = rows.filter((image) => keys.has(image.id));
    if (images.length > 0) openOverlay({ kind: 'remove-images', images });
  };
  return (
    <DataGrid
      label={t('images.title')}
      className="images-grid"
      columns={columns}
      rows={sorted}
      rowHeight={density === 'comfortable' ? 44 : 36}
      rowKey={keyOf}
      rowLabel={imageName}
      sort={sort}
      onSort={setSort}
      selection={selection}
      onSelection={onSelection}
      onOpen={(image) => openOverlay({ kind: 'run', image: imageName(image) })}
      onDelete={remove}
      before={<PullingRows />}
    />
  );
}

function NoImages() {
  const t = useText();
  return (
    <EmptyState wide title={t('images.none')} text={t('images.noneText')}>
      <Starters />
      <div className="empty-actions">
        <Button variant="quiet" icon="download" onClick={() => openOverlay({ kind: 'pull', reference: '' })}>
          {t('images.pull')}
        </Button>
      </div>
    </EmptyState>
  );
}
