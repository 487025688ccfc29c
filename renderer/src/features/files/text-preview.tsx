import { type KeyboardEvent, useState } from 'react';
import { isEngineError } from '@longshore/engine/errors';
import { describeError } from '../../lib/describe-error.ts';
import { fileSource } from '../../lib/tar/index.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Hint } from '../../ui/field.tsx';
import type { FileStore } from './file-store.ts';
import { baseName, parentPath } from './paths.ts';
import type { Previewed } from './previewed.ts';
import { useRefreshFiles } from './queries.ts';
import { writeFiles } from './write-files.ts';

interface TextPreviewProps {
  readonly store: FileStore;
  readonly path: string;
  readonly previewed: Previewed;
  readonly text: string;
  readonly onDirty: (name: string | undefined) => void;
  readonly onSaved: () => void;
}

/** Text to read; what was read whole can be changed. */
export function TextPreview({ store, path, previewed, text, onDirty, onSaved }: TextPreviewProps) {
  const t = useText();
  const [draft, setDraft] = useState<string | undefined>();
  const name = baseName(path);
  const isChanged = draft !== undefined && draft !== text;
  const { busy, error, conflict, save } = useSave(store, path, previewed, () => {
    onDirty(undefined);
    onSaved();
  });
  const edit = (next: string | undefined) => {
    setDraft(next);
    onDirty(next === undefined || next === text ? undefined : name);
  };
  const keys = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
    event.preventDefault();
    if (isChanged && !busy) void save(draft, false);
  };
  return (
    <>
      {draft === undefined ? (
        <pre className="preview-text mono" tabIndex={0} aria-label={name}>
          {text}
        </pre>
      ) : (
        <textarea
          className="preview-text preview-edit mono"
          aria-label={t('files.editing', { name })}
          spellCheck={false}
          autoFocus
          value={draft}
          onChange={(event) => edit(event.target.value)}
          onKeyDown={keys}
        />
      )}
      <footer className="preview-foot">
        {previewed.cut && <Hint>{t('files.cut')}</Hint>}
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
        {conflict && <Hint tone="warn">{t('files.conflict')}</Hint>}
        <div className="row">
          <span className="grow" />
          {draft === undefined ? (
            <Button icon="edit" disabled={previewed.cut} onClick={() => edit(text)}>
              {t('files.edit')}
            </Button>
          ) : (
            <>
              <Button onClick={() => edit(undefined)}>{t('ui.cancel')}</Button>
              <Button
                variant={conflict ? 'danger' : 'primary'}
                disabled={!isChanged || busy}
                onClick={() => void save(draft, conflict)}
              >
                {t(conflict ? 'files.overwrite' : 'files.save')}
              </Button>
            </>
          )}
        </div>
      </footer>
    </>
  );
}

/** Writes it in its place with the rights it had. What somebody else has changed meanwhile is not lost unasked. */
function useSave(store: FileStore, path: string, { entry }: Previewed, onSaved: () => void) {
  const refresh = useRefreshFiles(store);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [conflict, setConflict] = useState(false);
  const save = async (text: string, overwrite: boolean) => {
    setBusy(true);
    setError(undefined);
    try {
      if (!overwrite && (await isChangedMeanwhile(store, path, entry.modifiedAt))) {
        setConflict(true);
        setBusy(false);
        return;
      }
      const bytes = new TextEncoder().encode(text);
      const { mode, uid, gid } = entry;
      const source = fileSource(baseName(path), {
        mode: mode & 0o7777,
        uid,
        gid,
        sizeBytes: bytes.length,
        data: [bytes],
      });
      await writeFiles(store, parentPath(path), [source], { signal: new AbortController().signal });
      await refresh();
      onSaved();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return { busy, error, conflict, save };
}

async function isChangedMeanwhile(store: FileStore, path: string, before: string): Promise<boolean> {
  try {
    return (await store.stat(path)).modifiedAt !== before;
  } catch (thrown) {
    if (isEngineError(thrown, 'not-found')) return false;
    throw thrown;
  }
}
