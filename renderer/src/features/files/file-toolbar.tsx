import { type ChangeEvent, useRef } from 'react';
import { useFormat } from '../../lib/use-format.ts';
import { useSlashKey } from '../../lib/use-slash-key.ts';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { SearchField } from '../../ui/field.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import { SelectionBar } from '../lists/selection-bar.tsx';
import type { FileActions, Transfer } from './file-actions.ts';
import type { FileRow } from './file-rows.ts';
import { crumbsOf, parentPath } from './paths.ts';
import { givenFiles } from './write-files.ts';

interface FileToolbarProps {
  readonly folder: string;
  readonly search: string;
  readonly readOnly: boolean;
  readonly actions: FileActions;
  readonly onSearch: (search: string) => void;
  readonly onFolder: (folder: string) => void;
  readonly onRefresh: () => void;
}

export function FileToolbar(props: FileToolbarProps) {
  const { folder, search, readOnly, actions, onSearch, onFolder, onRefresh } = props;
  const t = useText();
  const field = useRef<HTMLInputElement>(null);
  useSlashKey(field);
  return (
    <div className="toolbar">
      <IconButton
        icon="up"
        label={t('files.up')}
        disabled={folder === '/'}
        onClick={() => onFolder(parentPath(folder))}
      />
      <Crumbs folder={folder} onFolder={onFolder} />
      {readOnly && <span className="tag">{t('mount.readOnly')}</span>}
      <span className="grow" />
      <SearchField ref={field} value={search} label={t('files.search')} shortcut="/" onChange={onSearch} />
      <IconButton icon="restart" label={t('files.refresh')} onClick={onRefresh} />
      <IconButton
        icon="folder-plus"
        label={t('files.newFolder')}
        onClick={() => actions.ask({ kind: 'new-folder' })}
      />
      <UploadMenu actions={actions} />
    </div>
  );
}

export function Crumbs({ folder, onFolder }: Pick<FileToolbarProps, 'folder' | 'onFolder'>) {
  const t = useText();
  const crumbs = crumbsOf(folder);
  return (
    <nav className="folder-crumbs mono" aria-label={t('files.where')}>
      {crumbs.map(({ name, path }, index) => {
        const isLast = index === crumbs.length - 1;
        return (
          <span key={path} className="row crumb">
            {index > 1 && <span className="text-3">/</span>}
            <button
              type="button"
              className="crumb-name ellipsis"
              aria-current={isLast ? 'location' : undefined}
              onClick={() => onFolder(path)}
            >
              {name}
            </button>
          </span>
        );
      })}
    </nav>
  );
}

/** Not in React's types; every browser has it. */
const WHOLE_FOLDER = { webkitdirectory: '' };

/** The browser asks which files; the fields themselves are not seen. */
function UploadMenu({ actions }: { readonly actions: FileActions }) {
  const t = useText();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    actions.offer(givenFiles(event.target.files ?? []));
    event.target.value = '';
  };
  return (
    <>
      <input ref={files} hidden multiple type="file" data-testid="upload-files" onChange={choose} />
      <input
        ref={folder}
        hidden
        type="file"
        {...WHOLE_FOLDER}
        data-testid="upload-folder"
        onChange={choose}
      />
      <Menu
        trigger={
          <Button variant="primary" icon="upload">
            {t('files.upload')}
          </Button>
        }
        entries={[
          { label: t('files.uploadFiles'), icon: 'file', onSelect: () => files.current?.click() },
          { label: t('files.uploadFolder'), icon: 'folder', onSelect: () => folder.current?.click() },
        ]}
      />
    </>
  );
}

interface FileBulkBarProps {
  readonly rows: readonly FileRow[];
  readonly actions: FileActions;
  readonly onClear: () => void;
}

export function FileBulkBar({ rows, actions, onClear }: FileBulkBarProps) {
  const t = useText();
  const format = useFormat();
  const bytes = rows.reduce((total, { entry }) => total + entry.sizeBytes, 0);
  return (
    <SelectionBar
      count={rows.length}
      onClear={onClear}
      note={rows.every(({ entry }) => entry.type === 'file') ? format.bytes(bytes) : undefined}
    >
      <span className="grow" />
      <Button icon="download" onClick={() => actions.download(rows)}>
        {t('files.download')}
      </Button>
      <Button variant="danger" icon="trash" onClick={() => actions.ask({ kind: 'remove', rows })}>
        {t('action.delete')}
      </Button>
    </SelectionBar>
  );
}

export function TransferBar({ transfer }: { readonly transfer: Transfer }) {
  const t = useText();
  const format = useFormat();
  const { direction, name, bytes, cancel } = transfer;
  return (
    <div className="files-transfer" role="status">
      <StateShape shape={direction === 'in' ? 'busy' : 'downloading'} tone="info" />
      <span className="ellipsis">
        {t(direction === 'in' ? 'files.uploading' : 'files.downloading', { name })}
      </span>
      <span className="text-3">{format.bytes(bytes)}</span>
      <span className="grow" />
      <Button small onClick={cancel}>
        {t('ui.cancel')}
      </Button>
    </div>
  );
}
