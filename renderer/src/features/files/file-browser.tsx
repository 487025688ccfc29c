import { type KeyboardEvent, useMemo, useState } from 'react';
import { describeError } from '../../lib/describe-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useFileDrop } from '../../lib/use-file-drop.ts';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import {
  clear,
  DataGrid,
  NOTHING_SELECTED,
  type Selection,
  type Sort,
  sortRows,
} from '../../ui/data-grid/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { NothingFound } from '../lists/nothing-found.tsx';
import { useFileActions } from './file-actions.ts';
import { fileColumns } from './file-columns.tsx';
import { FileDialogs } from './file-dialogs.tsx';
import { type Changes, type FileRow, fileRows, isGone } from './file-rows.ts';
import type { FileStore } from './file-store.ts';
import { FileBulkBar, FileToolbar, TransferBar } from './file-toolbar.tsx';
import { parentPath } from './paths.ts';
import { PreviewPanel } from './preview-panel.tsx';
import { useFolder, useRefreshFiles } from './queries.ts';
import { useFolderPath } from './use-folder-path.ts';
import { droppedFiles } from './write-files.ts';
import '../changes/changes.css';
import './files.css';

interface FileBrowserProps {
  readonly store: FileStore;
  /** Whose files these are, for who cannot see it. */
  readonly label: string;
  readonly changes?: Changes;
  /** Nothing can be written, besides what is mounted. */
  readonly readOnly?: boolean;
}

const NO_CHANGES: Changes = new Map();
const NO_ROWS: readonly FileRow[] = [];
const ROW_HEIGHT = 36;
const MINUTE = 60_000;

const keyOf = ({ path }: FileRow) => path;
const nameOf = ({ entry }: FileRow) => entry.name;

/** The files of a container or a volume: to look at, to take out, to put in and to change. */
export function FileBrowser({ store, label, changes = NO_CHANGES, readOnly = false }: FileBrowserProps) {
  const t = useText();
  const format = useFormat();
  const now = useNow(MINUTE);
  const { folder, goTo } = useFolderPath();
  const query = useFolder(store, folder);
  const refresh = useRefreshFiles(store);
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<Sort | undefined>();
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const { shown, dirty, leave, pending, setDirty, show } = usePreview();

  const enter = (path: string) =>
    leave(() => {
      setSearch('');
      setSelection(NOTHING_SELECTED);
      goTo(path);
    });
  const rows = useMemo(
    () => (query.data === undefined ? NO_ROWS : fileRows(folder, query.data, changes)),
    [folder, query.data, changes],
  );
  const names = useMemo(() => new Set(query.data?.map(({ name }) => name)), [query.data]);
  const actions = useFileActions({
    store,
    folder,
    names,
    goTo: enter,
    show: (path) => leave(() => show(path)),
  });
  const columns = fileColumns({ t, format, now, actions });
  const found = rows.filter(({ entry }) => entry.name.toLowerCase().includes(search.trim().toLowerCase()));
  const chosen = found.filter((row) => selection.selected.has(row.path) && !isGone(row));
  const active = found.find((row) => row.path === selection.active && !isGone(row));

  const keys = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
    if (event.key === 'Backspace' && folder !== '/') enter(parentPath(folder));
    else if (event.key === 'F2' && active !== undefined) actions.ask({ kind: 'rename', row: active });
    else return;
    event.preventDefault();
  };
  const remove = () => {
    const going = chosen.length > 0 ? chosen : active === undefined ? [] : [active];
    if (going.length > 0) actions.ask({ kind: 'remove', rows: going });
  };
  const { over, ...drop } = useFileDrop((transfer) => void droppedFiles(transfer).then(actions.offer));
  return (
    <div className={over ? 'files files-over' : 'files'} onKeyDown={keys} {...drop}>
      {chosen.length > 0 ? (
        <FileBulkBar rows={chosen} actions={actions} onClear={() => setSelection(clear(selection))} />
      ) : (
        <FileToolbar
          folder={folder}
          search={search}
          readOnly={readOnly}
          actions={actions}
          onSearch={setSearch}
          onFolder={enter}
          onRefresh={() => void refresh()}
        />
      )}
      <div className="files-body">
        <div className="files-list">
          {query.error !== null ? (
            <EmptyState title={t('files.failed')}>
              <div className="empty-actions">
                <ErrorNotice {...describeError(query.error)} />
                <Button icon="up" disabled={folder === '/'} onClick={() => enter(parentPath(folder))}>
                  {t('files.up')}
                </Button>
                <Button icon="restart" onClick={() => void query.refetch()}>
                  {t('list.retry')}
                </Button>
              </div>
            </EmptyState>
          ) : query.data === undefined ? (
            <SkeletonRows label={t('files.loading')} />
          ) : rows.length === 0 ? (
            <EmptyState title={t('files.none')} text={t('files.noneText')} />
          ) : found.length === 0 ? (
            <NothingFound search={search} onClear={() => setSearch('')} />
          ) : (
            <DataGrid
              label={label}
              className="files-grid"
              columns={columns}
              rows={sortRows(found, columns, sort)}
              rowHeight={ROW_HEIGHT}
              rowKey={keyOf}
              rowLabel={nameOf}
              sort={sort}
              onSort={setSort}
              selection={selection}
              onSelection={setSelection}
              onOpen={(row) => {
                if (!isGone(row)) actions.open(row);
              }}
              onDelete={remove}
            />
          )}
        </div>
        {shown !== undefined && (
          <PreviewPanel
            key={shown}
            store={store}
            path={shown}
            frozen={dirty !== undefined}
            onDirty={setDirty}
            onClose={() => leave(() => show(undefined))}
            onDownload={actions.download}
          />
        )}
      </div>
      {actions.transfer !== undefined && <TransferBar transfer={actions.transfer} />}
      {over && <div className="files-drop">{t('files.drop', { folder })}</div>}
      <FileDialogs store={store} folder={folder} names={names} actions={actions} />
      {pending !== undefined && (
        <ConfirmDialog
          title={t('files.discardTitle')}
          confirmLabel={t('files.discard')}
          cancelLabel={t('files.keepEditing')}
          onConfirm={pending.go}
          onClose={pending.stay}
        >
          <p>{t('files.discardText', { name: dirty ?? '' })}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

/** Which file is looked at, and that nothing typed in it is lost without a question. */
function usePreview() {
  const [shown, show] = useState<string | undefined>();
  const [dirty, setDirty] = useState<string | undefined>();
  const [next, setNext] = useState<{ readonly go: () => void } | undefined>();
  const leave = (go: () => void) => {
    if (dirty === undefined) go();
    else setNext({ go });
  };
  const pending = next && {
    stay: () => setNext(undefined),
    go: () => {
      setNext(undefined);
      setDirty(undefined);
      next.go();
    },
  };
  return { shown, show, dirty, setDirty, leave, pending };
}
