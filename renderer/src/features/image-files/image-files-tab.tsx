import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { ImageDetails } from '@longshore/engine/types';
import { describeError } from '../../lib/describe-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useSlashKey } from '../../lib/use-slash-key.ts';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { DataGrid, NOTHING_SELECTED, type Selection, type Sort, sortRows } from '../../ui/data-grid/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SearchField, SelectField } from '../../ui/field.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Crumbs } from '../files/file-toolbar.tsx';
import { parentPath } from '../files/paths.ts';
import { useFolderPath } from '../files/use-folder-path.ts';
import { NothingFound } from '../lists/nothing-found.tsx';
import { ImageFilePanel } from './image-file-panel.tsx';
import { type ImageNode, isFolder, nodeAt, oneLayer, wholeImage } from './image-tree.ts';
import { byKindAndName, nodeColumns } from './node-columns.tsx';
import { type LayersRead, useLayerFiles } from './queries.ts';
import '../files/files.css';
import './image-files.css';

const ROW_HEIGHT = 36;
const WHOLE = '';
const keyOf = ({ path }: ImageNode) => path;
const nameOf = ({ name }: ImageNode) => name;

/** The files of an image, whole or layer by layer, and which layer each is from. */
export function ImageFilesTab({ image }: { readonly image: ImageDetails }) {
  const t = useText();
  const { layer, setLayer, digests } = useChosenLayer(image);
  const read = useLayerFiles(image, digests);
  const root = useMemo(() => {
    if (read.layers === undefined) return undefined;
    if (layer === WHOLE) return wholeImage(read.layers);
    const index = image.layers.findIndex(({ diffId }) => diffId === layer);
    return oneLayer(read.layers[0] ?? [], index);
  }, [read.layers, layer, image.layers]);
  return (
    <Browser
      key={layer}
      image={image}
      root={root}
      whole={layer === WHOLE}
      status={
        read.error === undefined ? <Reading read={read} total={digests.length} /> : <Failed read={read} />
      }
      chooser={
        <SelectField
          fieldWidth="name"
          aria-label={t('imageFiles.layer')}
          value={layer}
          onChange={(event) => setLayer(event.target.value)}
        >
          <option value={WHOLE}>{t('imageFiles.whole')}</option>
          {image.layers.map(({ diffId }, index) => (
            <option key={`${index} ${diffId}`} value={diffId}>
              {t('imageFiles.layerNumber', { number: index + 1 })}
            </option>
          ))}
        </SelectField>
      }
    />
  );
}

/** In the address, so that a layer can be linked to. */
function useChosenLayer(image: ImageDetails) {
  const [params, setParams] = useSearchParams();
  const wanted = params.get('layer') ?? WHOLE;
  const layer = image.layers.some(({ diffId }) => diffId === wanted) ? wanted : WHOLE;
  return {
    layer,
    setLayer: (next: string) => setParams(next === WHOLE ? {} : { layer: next }),
    digests: layer === WHOLE ? [...new Set(image.layers.map(({ digest }) => digest))] : [layer],
  };
}

function Reading({ read, total }: { readonly read: LayersRead; readonly total: number }) {
  const t = useText();
  return <SkeletonRows label={t('imageFiles.reading', { read: read.readCount, total })} />;
}

function Failed({ read }: { readonly read: LayersRead }) {
  const t = useText();
  return (
    <EmptyState title={t('imageFiles.failed')}>
      <div className="empty-actions">
        <ErrorNotice {...describeError(read.error)} />
        <Button icon="restart" onClick={read.again}>
          {t('list.retry')}
        </Button>
      </div>
    </EmptyState>
  );
}

interface BrowserProps {
  readonly image: ImageDetails;
  /** Undefined until it is read; then `status` says why. */
  readonly root: ImageNode | undefined;
  readonly whole: boolean;
  readonly status: React.ReactNode;
  readonly chooser: React.ReactNode;
}

function Browser({ image, root, whole, status, chooser }: BrowserProps) {
  const t = useText();
  const format = useFormat();
  const now = useNow(60_000);
  const { folder, goTo } = useFolderPath();
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<Sort | undefined>();
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const [shown, show] = useState<ImageNode | undefined>();
  const field = useRef<HTMLInputElement>(null);
  useSlashKey(field);
  const at = root === undefined ? undefined : nodeAt(root, folder);
  const rows = useMemo(() => [...(at?.children.values() ?? [])].sort(byKindAndName), [at]);
  const wanted = search.trim().toLowerCase();
  const found = rows.filter(({ name }) => name.toLowerCase().includes(wanted));
  const enter = (path: string) => {
    setSearch('');
    setSelection(NOTHING_SELECTED);
    goTo(path);
  };
  const open = (node: ImageNode) => {
    if (isFolder(node)) enter(node.path);
    else if (node.file?.change === 'present') show(node);
  };
  const columns = nodeColumns({
    t,
    format,
    now,
    onOpen: open,
    ...(whole && { layerName: (index) => t('imageFiles.layerNumber', { number: index + 1 }) }),
  });
  const keys = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement || event.key !== 'Backspace' || folder === '/') return;
    event.preventDefault();
    enter(parentPath(folder));
  };
  return (
    <div className="files" onKeyDown={keys}>
      <div className="toolbar">
        <IconButton
          icon="up"
          label={t('files.up')}
          disabled={folder === '/'}
          onClick={() => enter(parentPath(folder))}
        />
        <Crumbs folder={folder} onFolder={enter} />
        <span className="tag">{t('mount.readOnly')}</span>
        <span className="grow" />
        {at !== undefined && <span className="text-3 text-small">{format.bytes(at.bytes)}</span>}
        {chooser}
        <SearchField ref={field} value={search} label={t('files.search')} shortcut="/" onChange={setSearch} />
      </div>
      <div className="files-body">
        <div className="files-list">
          {root === undefined ? (
            status
          ) : rows.length === 0 ? (
            <EmptyState title={t('files.none')} text={t('imageFiles.noneText')} />
          ) : found.length === 0 ? (
            <NothingFound search={search} onClear={() => setSearch('')} />
          ) : (
            <DataGrid
              label={t('imageFiles.label')}
              className="files-grid image-files-grid"
              columns={columns}
              rows={sortRows(found, columns, sort)}
              rowHeight={ROW_HEIGHT}
              rowKey={keyOf}
              rowLabel={nameOf}
              sort={sort}
              onSort={setSort}
              selection={selection}
              onSelection={setSelection}
              onOpen={open}
              onDelete={() => undefined}
            />
          )}
        </div>
        {shown !== undefined && (
          <ImageFilePanel key={shown.path} image={image} node={shown} onClose={() => show(undefined)} />
        )}
      </div>
    </div>
  );
}
