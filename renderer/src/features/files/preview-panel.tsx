import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { DirectoryEntry } from '@longshore/engine/types';
import { queryKeys } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Hint } from '../../ui/field.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import type { FileRow } from './file-rows.ts';
import type { FileStore } from './file-store.ts';
import { baseName, parentPath } from './paths.ts';
import { dataUrl, pictureType, readStart, textOf } from './read-file.ts';
import type { Previewed } from './previewed.ts';
import { TextPreview } from './text-preview.tsx';

interface PreviewPanelProps {
  readonly store: FileStore;
  readonly path: string;
  /** What is shown stays as it is: something typed in it is not saved. */
  readonly frozen: boolean;
  /** Has its name while something is typed that is not saved. */
  readonly onDirty: (name: string | undefined) => void;
  readonly onClose: () => void;
  readonly onDownload: (rows: readonly FileRow[]) => void;
}

const MOST_TEXT = 512 * 1024;
const MOST_PICTURE = 8 * 1024 * 1024;

/** One file beside the list: a picture, or text that can be changed when it is small. */
export function PreviewPanel(props: PreviewPanelProps) {
  const { store, path, frozen, onDirty, onClose, onDownload } = props;
  const t = useText();
  const format = useFormat();
  const name = baseName(path);
  const query = usePreviewed(store, path, frozen);
  const entry = query.data?.entry;
  return (
    <aside className="preview" aria-label={t('files.previewOf', { name })}>
      <header className="preview-head">
        <div className="row">
          <h2 className="text-strong ellipsis" title={path}>
            {name}
          </h2>
          <span className="grow" />
          {entry !== undefined && (
            <IconButton
              icon="download"
              small
              label={t('files.download')}
              onClick={() => onDownload([{ path, entry, change: undefined }])}
            />
          )}
          <IconButton icon="close" small label={t('files.closePreview')} onClick={onClose} />
        </div>
        {entry !== undefined && (
          <p className="text-3 text-small">
            {format.bytes(entry.sizeBytes)} · {format.dateTime(entry.modifiedAt)}
          </p>
        )}
      </header>
      {query.error !== null ? (
        <div className="preview-note">
          <ErrorNotice {...describeError(query.error)} />
          <Button icon="restart" onClick={() => void query.refetch()}>
            {t('list.retry')}
          </Button>
        </div>
      ) : query.data === undefined ? (
        <SkeletonRows label={t('files.loading')} />
      ) : (
        <Content
          store={store}
          path={path}
          previewed={query.data}
          onDirty={onDirty}
          onSaved={() => void query.refetch()}
        />
      )}
    </aside>
  );
}

function usePreviewed(store: FileStore, path: string, frozen: boolean) {
  return useQuery({
    queryKey: [...queryKeys.folder(store.key, path), 'content'],
    enabled: !frozen,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    queryFn: async ({ signal }): Promise<Previewed> => {
      const [entry, start] = await Promise.all([
        entryOf(store, path, signal),
        readStart(store, path, pictureType(path) === undefined ? MOST_TEXT : MOST_PICTURE, signal),
      ]);
      return { entry, ...start };
    },
  });
}

/** As its folder tells of it: with its owner, which a file that is written again keeps. */
async function entryOf(store: FileStore, path: string, signal: AbortSignal): Promise<DirectoryEntry> {
  const name = baseName(path);
  for await (const batch of store.list(parentPath(path), { signal })) {
    const found = batch.find((entry) => entry.name === name);
    if (found !== undefined) return found;
  }
  const stat = await store.stat(path, { signal });
  return { ...stat, type: 'file', uid: 0, gid: 0 };
}

interface ContentProps extends Pick<PreviewPanelProps, 'store' | 'path' | 'onDirty'> {
  readonly previewed: Previewed;
  readonly onSaved: () => void;
}

function Content({ store, path, previewed, onDirty, onSaved }: ContentProps) {
  const t = useText();
  const type = pictureType(path);
  const text = useMemo(() => (type === undefined ? textOf(previewed) : undefined), [type, previewed]);
  if (type !== undefined) return <Picture name={baseName(path)} type={type} previewed={previewed} />;
  if (text === undefined) {
    return (
      <div className="preview-note">
        <Hint>{t('files.binary')}</Hint>
      </div>
    );
  }
  return (
    <TextPreview
      key={previewed.entry.modifiedAt}
      store={store}
      path={path}
      previewed={previewed}
      text={text}
      onDirty={onDirty}
      onSaved={onSaved}
    />
  );
}

interface PictureProps {
  readonly name: string;
  readonly type: string;
  readonly previewed: Previewed;
}

function Picture({ name, type, previewed }: PictureProps) {
  const t = useText();
  const url = useMemo(() => dataUrl(previewed.bytes, type), [previewed.bytes, type]);
  if (previewed.cut) {
    return (
      <div className="preview-note">
        <Hint>{t('files.largePicture')}</Hint>
      </div>
    );
  }
  return (
    <div className="preview-picture">
      <img src={url} alt={name} />
    </div>
  );
}
