import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { ImageSummary } from '@longshore/engine/types';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { clear, NOTHING_SELECTED, type Selection } from '../../ui/data-grid/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Kbd } from '../../ui/field.tsx';
import { ListGrid } from '../lists/list-grid.tsx';
import { ListStatus } from '../lists/list-status.tsx';
import { ListToolbar } from '../lists/list-toolbar.tsx';
import { NothingFound } from '../lists/nothing-found.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { imageColumns } from './image-columns.tsx';
import { imageName, imagePath, imagesView, type UseFilter } from './image-list.ts';
import { PullPanel } from './pull-panel.tsx';
import { usePulls } from './pull-store.ts';
import { PullingRows } from './pulling-rows.tsx';
import { usePullingRows, withoutPulled } from './pulling.ts';
import { useImages } from './queries.ts';
import { Starters } from './starters.tsx';
import './images.css';

const FILTERS: readonly UseFilter[] = ['all', 'used', 'unused'];
const keyOf = (image: ImageSummary) => image.id;

export function ImagesPage() {
  const t = useText();
  const navigate = useNavigate();
  const query = useImages();
  const [filter, setFilter] = useState<UseFilter>('all');
  const [search, setSearch] = useState('');
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const { pulls, shown } = usePulls();
  const pull = shown === undefined ? undefined : pulls[shown];
  const coming = usePullingRows();
  const view = useMemo(() => imagesView(query.data ?? [], filter, search), [query.data, filter, search]);
  const listed = withoutPulled(view.shown, coming);
  const chosen = listed.filter((image) => selection.selected.has(image.id));
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
        <div className="images-list">
          <ListStatus query={query} label={t('images.loading')}>
            {(all) =>
              all.length === 0 && coming.length === 0 && pull === undefined ? (
                <NoImages />
              ) : view.shown.length === 0 && all.length > 0 && coming.length === 0 ? (
                <NothingFound
                  search={search}
                  onClear={() => {
                    setSearch('');
                    setFilter('all');
                  }}
                />
              ) : (
                <ListGrid
                  list="images"
                  columnsOf={imageColumns}
                  rows={listed}
                  rowKey={keyOf}
                  rowLabel={imageName}
                  selection={selection}
                  onSelection={setSelection}
                  onOpen={(image) => void navigate(imagePath(image))}
                  onRemove={(images) => openOverlay({ kind: 'remove-images', images })}
                  before={<PullingRows rows={coming} />}
                />
              )
            }
          </ListStatus>
        </div>
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

function ImagesToolbar({ counts, ...rest }: ImagesToolbarProps) {
  const t = useText();
  return (
    <ListToolbar
      list="images"
      columnsOf={imageColumns}
      filters={FILTERS.map((value) => ({
        value,
        label: t(`imageFilter.${value}`),
        count: String(counts[value]),
      }))}
      {...rest}
    >
      <Button
        variant={counts.all === 0 ? 'default' : 'primary'}
        icon="download"
        onClick={() => openOverlay({ kind: 'pull', reference: '' })}
      >
        {t('images.pull')}
      </Button>
    </ListToolbar>
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
