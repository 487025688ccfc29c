import { useId, useState } from 'react';
import { checkReference } from '../../lib/check-reference.ts';
import { describeError } from '../../lib/describe-error.ts';
import { useFileDrop } from '../../lib/use-file-drop.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Meter } from '../../ui/meter.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { type LoadMode, suggestedReference } from './load-images.ts';
import { type Loading, useLoadImages } from './use-load-images.ts';
import '../run/run.css';

/** Takes images out of archives, or makes one of a root file system. Closing it cancels what is not done. */
export default function LoadImagesDialog({ files: given }: { readonly files: readonly File[] }) {
  const t = useText();
  const id = useId();
  const [files, setFiles] = useState(given);
  const [mode, setMode] = useState<LoadMode>('load');
  const [typed, setTyped] = useState<string | undefined>();
  const [changes, setChanges] = useState('');
  const { loading, error, start } = useLoadImages();
  const busy = loading !== undefined;
  const [first] = files;
  const reference = typed ?? (first === undefined ? '' : suggestedReference(first.name));
  const checked = mode === 'load' || reference.trim() === '' ? undefined : checkReference(reference);
  const ready =
    first !== undefined && !busy && checked?.ok !== false && (mode === 'load' || files.length === 1);
  const { over, ...drop } = useFileDrop((transfer) => setFiles([...files, ...transfer.files]));
  const submit = () => {
    if (!ready) return;
    const name = checked?.ok === true ? checked.reference : '';
    const lines = changes.split('\n').filter((line) => line.trim() !== '');
    void start(files.map((file) => ({ mode, file, reference: name, changes: lines })));
  };
  return (
    <Dialog
      title={t('loadImages.title')}
      closeLabel={t('ui.close')}
      size="small"
      onClose={closeOverlay}
      onSubmit={submit}
      footer={
        <>
          <span className="grow" />
          <Button onClick={closeOverlay}>{t('ui.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            icon="upload"
            disabled={!ready}
            data-autofocus={given.length > 0}
          >
            {t(busy ? 'loadImages.busy' : mode === 'load' ? 'loadImages.confirm' : 'loadImages.import')}
          </Button>
        </>
      }
    >
      <div className={over ? 'form load-over' : 'form'} {...drop}>
        <Segmented
          label={t('loadImages.what')}
          value={mode}
          onChange={setMode}
          options={[
            { value: 'load', label: t('loadImages.mode.load') },
            { value: 'import', label: t('loadImages.mode.import') },
          ]}
        />
        <FormRow label={t('loadImages.archives')} htmlFor={`${id}-file`}>
          <input
            id={`${id}-file`}
            data-autofocus={given.length === 0}
            className="run-file text-small"
            type="file"
            multiple={mode === 'load'}
            accept=".tar,.gz,.tgz,.zst,application/x-tar,application/gzip,application/zstd"
            onChange={(event) => setFiles([...(event.target.files ?? [])])}
          />
          <Hint>{t(`loadImages.hint.${mode}`)}</Hint>
          {files.length > 0 && (
            <FileList
              files={files}
              onRemove={busy ? undefined : (gone) => setFiles(files.filter((f) => f !== gone))}
            />
          )}
          {mode === 'import' && files.length > 1 && <Hint tone="bad">{t('loadImages.one')}</Hint>}
        </FormRow>
        {mode === 'import' && (
          <>
            <FormRow label={t('column.name')} htmlFor={`${id}-name`}>
              <TextField
                id={`${id}-name`}
                value={reference}
                invalid={checked?.ok === false}
                onChange={(event) => setTyped(event.target.value)}
              />
              {checked?.ok === true && (
                <Hint tone="ok">{t('loadImages.willBe', { reference: checked.reference })}</Hint>
              )}
              {checked?.ok === false && <Hint tone="bad">{checked.reason}</Hint>}
            </FormRow>
            <FormRow label={t('loadImages.changes')} htmlFor={`${id}-changes`}>
              <textarea
                id={`${id}-changes`}
                className="load-changes mono"
                rows={3}
                spellCheck={false}
                placeholder={'CMD ["sh"]\nENV LANG=C.UTF-8'}
                value={changes}
                onChange={(event) => setChanges(event.target.value)}
              />
              <Hint>{t('loadImages.changesHint')}</Hint>
            </FormRow>
          </>
        )}
        {loading !== undefined && <Progress loading={loading} />}
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
      </div>
    </Dialog>
  );
}

interface FileListProps {
  readonly files: readonly File[];
  readonly onRemove: ((file: File) => void) | undefined;
}

function FileList({ files, onRemove }: FileListProps) {
  const t = useText();
  const format = useFormat();
  return (
    <ul className="confirm-list" aria-label={t('loadImages.archives')}>
      {files.map((file, index) => (
        <li key={`${index} ${file.name}`} className="row">
          <Icon name="file" />
          <span className="text-medium ellipsis">{file.name}</span>
          <span className="grow" />
          <span className="text-3 text-small">{format.bytes(file.size)}</span>
          {onRemove !== undefined && (
            <IconButton
              icon="close"
              small
              label={t('loadImages.leaveOut', { name: file.name })}
              onClick={() => onRemove(file)}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

function Progress({ loading }: { readonly loading: Loading }) {
  const t = useText();
  const format = useFormat();
  const { file, step } = loading;
  return (
    <div role="status" className="text-small text-2">
      <span className="row">
        <span className="ellipsis">{file.name}</span>
        <span className="grow" />
        {step.unpacking
          ? t('layer.unpacking')
          : t('pull.bytes', { done: format.bytes(step.sentBytes), total: format.bytes(file.size) })}
      </span>
      <Meter
        size="thick"
        tone="info"
        progress
        fraction={file.size === 0 ? 1 : step.sentBytes / file.size}
        label={t('loadImages.busy')}
      />
    </div>
  );
}
