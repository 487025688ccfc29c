import { useCallback, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { type ImageLayout, usePreferences } from '../../lib/preferences.ts';
import { useFileDrop } from '../../lib/use-file-drop.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import { ListGrid } from '../lists/list-grid.tsx';
import { ListStatus } from '../lists/list-status.tsx';
import { useListChoice } from '../lists/use-list-choice.ts';
import { openOverlay } from '../overlays/overlay-store.ts';
import { TransferPanel } from '../transfers/transfer-panel.tsx';
import { TransferRows } from '../transfers/transfer-rows.tsx';
import { useTransfers } from '../transfers/transfer-store.ts';
import { inList, useTransferViews, withoutComing } from '../transfers/transfer-view.ts';
import { imageColumns } from './image-columns.tsx';
import { type ImageFilter, imagePath, imagesView } from './image-list.ts';
import { chosenImages, type ImageRow, listRows, rowName, rowsBelow, treeRows } from './image-rows.ts';
import { ImagesBulkBar } from './images-bulk-bar.tsx';
import { NoImages, NoSuchImage } from './images-empty.tsx';
import { ImagesToolbar } from './images-toolbar.tsx';
import { useImages } from './queries.ts';
import './images.css';

const keyOf = ({ key }: ImageRow) => key;

export function ImagesPage() {
  const t = useText();
  const navigate = useNavigate();
  const query = useImages();
  const layout = usePreferences(({ imageLayout }) => imageLayout);
  const choice = useListChoice<ImageFilter>();
  const { filter, search, selection } = choice;
  const { isOpen, toggle } = useOpenRepositories();
  const transfers = useTransferViews();
  const shownKey = useTransfers(({ shown }) => shown);
  const shown = transfers.find(({ key }) => key === shownKey);
  const coming = transfers.filter(inList);
  const view = useMemo(() => imagesView(query.data ?? [], filter, search), [query.data, filter, search]);
  const rows = rowsOf(withoutComing(view.shown, coming), layout);
  const below = useCallback((row: ImageRow) => (isOpen(row.key) ? rowsBelow(row) : []), [isOpen]);
  const columnsOf = useCallback((text: Text) => imageColumns(text, isOpen, toggle), [isOpen, toggle]);
  const chosen = chosenImages(
    [...rows, ...rows.flatMap(below)].filter(({ key }) => selection.selected.has(key)),
  );
  const { over, ...drop } = useFileDrop(({ files }) => {
    if (files.length > 0) openOverlay({ kind: 'load-images', files: [...files] });
  });
  const open = (row: ImageRow) => {
    if (row.kind === 'repository') toggle(row.key);
    else void navigate(imagePath(row.image));
  };
  return (
    <section className="page images-page" aria-label={t('images.title')} {...drop}>
      {chosen.length > 0 ? (
        <ImagesBulkBar images={chosen} onClear={choice.unselect} />
      ) : (
        <ImagesToolbar columnsOf={columnsOf} choice={choice} counts={view.counts} />
      )}
      <div className="images-body">
        <div className="images-list">
          <ListStatus query={query} label={t('images.loading')}>
            {(all) =>
              all.length === 0 && coming.length === 0 && shown === undefined ? (
                <NoImages />
              ) : view.shown.length === 0 && all.length > 0 && coming.length === 0 ? (
                <NoSuchImage search={search} onClear={choice.showAll} />
              ) : (
                <ListGrid
                  list="images"
                  columnsOf={columnsOf}
                  rows={rows}
                  rowKey={keyOf}
                  rowLabel={rowName}
                  selection={selection}
                  onSelection={choice.setSelection}
                  onOpen={open}
                  onRemove={(going) => openOverlay({ kind: 'remove-images', images: chosenImages(going) })}
                  before={<TransferRows views={coming} />}
                  childrenOf={below}
                />
              )
            }
          </ListStatus>
        </div>
        {shown !== undefined && <TransferPanel view={shown} />}
      </div>
      {over && <div className="files-drop">{t('images.drop')}</div>}
    </section>
  );
}

function rowsOf(images: Parameters<typeof listRows>[0], layout: ImageLayout): readonly ImageRow[] {
  return layout === 'list' ? listRows(images) : treeRows(images);
}

/** Of the tree: which repositories show their images. */
function useOpenRepositories() {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const isOpen = useCallback((key: string) => open.has(key), [open]);
  const toggle = useCallback((key: string) => {
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  }, []);
  return { isOpen, toggle };
}
