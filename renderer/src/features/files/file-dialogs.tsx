import { useId, useState } from 'react';
import { describeError } from '../../lib/describe-error.ts';
import { reportFailures } from '../../lib/report-failures.ts';
import { runConcurrently } from '../../lib/run-concurrently.ts';
import { useFormat } from '../../lib/use-format.ts';
import { type MessageId, useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { FileActions } from './file-actions.ts';
import type { FileRow } from './file-rows.ts';
import type { FileStore } from './file-store.ts';
import { isFileName, joinPath } from './paths.ts';
import { useRefreshFiles } from './queries.ts';

interface FileDialogsProps {
  readonly store: FileStore;
  readonly folder: string;
  readonly names: ReadonlySet<string>;
  readonly actions: FileActions;
}

/** The one question that is open. */
export function FileDialogs({ store, folder, names, actions }: FileDialogsProps) {
  const t = useText();
  const { question } = actions;
  const close = () => actions.ask(undefined);
  switch (question?.kind) {
    case undefined:
      return null;
    case 'new-folder':
      return (
        <NameDialog
          title="files.newFolder"
          confirm="create.make"
          initial=""
          taken={names}
          store={store}
          act={(name) => store.makeFolder(joinPath(folder, name))}
          onClose={close}
        />
      );
    case 'rename':
      return (
        <NameDialog
          title="files.rename"
          confirm="action.rename"
          initial={question.row.entry.name}
          taken={names}
          store={store}
          act={(name) => store.rename(question.row.path, joinPath(folder, name))}
          onClose={close}
        />
      );
    case 'remove':
      return <RemoveDialog rows={question.rows} store={store} onClose={close} />;
    case 'replace':
      return (
        <ConfirmDialog
          title={t('files.replaceTitle', { count: question.names.length })}
          confirmLabel={t('files.replace')}
          cancelLabel={t('ui.cancel')}
          icon="upload"
          onConfirm={() => actions.upload(question.given)}
          onClose={close}
        >
          <p>{t('files.replaceText')}</p>
          <ul className="confirm-list" tabIndex={0} aria-label={t('tab.files')}>
            {question.names.map((name) => (
              <li key={name} className="row">
                <Icon name="file" />
                <span className="mono ellipsis">{name}</span>
              </li>
            ))}
          </ul>
        </ConfirmDialog>
      );
  }
}

interface NameDialogProps {
  readonly title: MessageId;
  readonly confirm: MessageId;
  readonly initial: string;
  readonly taken: ReadonlySet<string>;
  readonly store: FileStore;
  readonly act: (name: string) => Promise<unknown>;
  readonly onClose: () => void;
}

function NameDialog({ title, confirm, initial, taken, store, act, onClose }: NameDialogProps) {
  const t = useText();
  const id = useId();
  const refresh = useRefreshFiles(store);
  const [name, setName] = useState(initial);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const isTaken = name !== initial && taken.has(name);
  const isBad = name !== '' && !isFileName(name);
  const ready = name !== '' && name !== initial && !isTaken && !isBad && !busy;
  const submit = async () => {
    setBusy(true);
    try {
      await act(name);
      await refresh();
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t(title)}
      closeLabel={t('ui.close')}
      size="small"
      onClose={onClose}
      onSubmit={() => {
        if (ready) void submit();
      }}
      footer={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" disabled={!ready}>
            {t(confirm)}
          </Button>
        </>
      }
    >
      <div className="form">
        <FormRow label={t('column.name')} htmlFor={id}>
          <TextField
            id={id}
            data-autofocus
            mono
            value={name}
            invalid={isTaken || isBad}
            onChange={(event) => setName(event.target.value)}
          />
          {isTaken && <Hint tone="bad">{t('files.taken')}</Hint>}
          {isBad && <Hint tone="bad">{t('files.badName')}</Hint>}
        </FormRow>
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
      </div>
    </Dialog>
  );
}

const AT_ONCE = 4;

interface RemoveDialogProps {
  readonly rows: readonly FileRow[];
  readonly store: FileStore;
  readonly onClose: () => void;
}

function RemoveDialog({ rows, store, onClose }: RemoveDialogProps) {
  const t = useText();
  const format = useFormat();
  const refresh = useRefreshFiles(store);
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    const outcomes = await runConcurrently(rows, AT_ONCE, ({ path }) => store.remove(path));
    reportFailures(t, outcomes, ({ path }) => path);
    await refresh();
    onClose();
  };
  const folders = rows.filter(({ entry }) => entry.type === 'directory').length;
  return (
    <ConfirmDialog
      title={t('files.removeTitle', { count: rows.length })}
      confirmLabel={t('files.removeConfirm', { count: rows.length })}
      cancelLabel={t('ui.cancel')}
      busy={busy}
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      <p>{t(folders > 0 ? 'files.removeFolders' : 'files.removeText')}</p>
      <ul className="confirm-list" tabIndex={0} aria-label={t('tab.files')}>
        {rows.map(({ path, entry }) => (
          <li key={path} className="row">
            <Icon name={entry.type === 'directory' ? 'folder' : 'file'} />
            <span className="mono ellipsis">{path}</span>
            <span className="grow" />
            {entry.type === 'file' && (
              <span className="text-3 text-small">
                {t('bytes.exact', { bytes: format.exactBytes(entry.sizeBytes) })}
              </span>
            )}
          </li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}
