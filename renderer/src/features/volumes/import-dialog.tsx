import { useEffect, useId, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Volume } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { drain } from '../../lib/drain.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import { Meter } from '../../ui/meter.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { useVolumes } from './queries.ts';
import { useVolumeActions } from './use-volume-actions.ts';
import { nameProblem } from './volume-form.ts';
import { shownName, volumePath } from './volume-list.ts';
import '../run/run.css';

/** Makes a volume of a tar archive, or puts one in the place of what a volume has. */
export default function ImportVolumeDialog({ volume }: { readonly volume: Volume | undefined }) {
  const t = useText();
  const id = useId();
  const volumes = useVolumes().data ?? [];
  const [file, setFile] = useState<File | undefined>();
  const [input, setInput] = useState('');
  const { sent, error, start } = useImport();
  const busy = sent !== undefined;
  const name = volume?.name ?? input.trim();
  const problem = volume === undefined && !busy ? nameProblem(name, volumes) : undefined;
  const ready = file !== undefined && name !== '' && problem === undefined && !busy;
  const choose = (chosen: File | undefined) => {
    setFile(chosen);
    if (chosen !== undefined && input === '') setInput(suggestedName(chosen.name));
  };
  return (
    <Dialog
      title={
        volume === undefined
          ? t('volumes.importTitle')
          : t('volumes.importInTitle', { name: shownName(volume) })
      }
      closeLabel={t('ui.close')}
      size="small"
      onClose={closeOverlay}
      onSubmit={() => {
        if (ready) void start(name, file, volume !== undefined);
      }}
      footer={
        <>
          <span className="grow" />
          <Button onClick={closeOverlay}>{t('ui.cancel')}</Button>
          <Button type="submit" variant={volume === undefined ? 'primary' : 'danger'} disabled={!ready}>
            {t(busy ? 'volumes.importing' : volume === undefined ? 'volumes.importConfirm' : 'files.replace')}
          </Button>
        </>
      }
    >
      <div className="form">
        <FormRow label={t('volumes.archive')} htmlFor={`${id}-file`}>
          <input
            id={`${id}-file`}
            data-autofocus
            className="run-file text-small"
            type="file"
            accept=".tar,.gz,.tgz,.zst,application/x-tar,application/gzip,application/zstd"
            onChange={(event) => choose(event.target.files?.[0])}
          />
          <Hint>{t(volume === undefined ? 'volumes.importText' : 'volumes.importInText')}</Hint>
        </FormRow>
        {volume === undefined && (
          <FormRow label={t('column.name')} htmlFor={`${id}-name`}>
            <TextField
              id={`${id}-name`}
              value={input}
              invalid={problem !== undefined}
              onChange={(event) => setInput(event.target.value)}
            />
            {problem !== undefined && <Hint tone="bad">{t(problem.id, problem.values)}</Hint>}
          </FormRow>
        )}
        {sent !== undefined && file !== undefined && <Progress sent={sent} total={file.size} />}
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
      </div>
    </Dialog>
  );
}

/** `backup.tar.gz` is a volume called `backup`. */
function suggestedName(file: string): string {
  return file.replace(/(\.tar)?(\.(gz|zst|tgz))?$/, '').replace(/[^a-zA-Z0-9_.-]+/g, '-');
}

function Progress({ sent, total }: { readonly sent: number; readonly total: number }) {
  const t = useText();
  const format = useFormat();
  return (
    <div role="status" className="text-small text-2">
      {t('pull.bytes', { done: format.bytes(sent), total: format.bytes(total) })}
      <Meter
        size="thick"
        tone="info"
        progress
        fraction={total === 0 ? 1 : sent / total}
        label={t('volumes.importing')}
      />
    </div>
  );
}

/** Closing the dialog cancels it; then there is nothing of it. */
function useImport() {
  const engine = useEngine();
  const navigate = useNavigate();
  const { refresh } = useVolumeActions();
  const [sent, setSent] = useState<number | undefined>();
  const [error, setError] = useState<unknown>();
  const abort = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const start = async (name: string, file: File, replace: boolean) => {
    const { signal } = (abort.current = new AbortController());
    setSent(0);
    setError(undefined);
    try {
      const call = engine.volumes.import({ name, replace }, { signal });
      const send = async () => {
        const reader = file.stream().getReader();
        for (let total = 0; ;) {
          const { done, value } = await reader.read();
          if (done) break;
          await call.send(value);
          total += value.length;
          setSent(total);
        }
        call.end();
      };
      await Promise.all([send(), drain(call)]);
      await refresh();
      closeOverlay();
      void navigate(volumePath(name));
    } catch (thrown) {
      if (signal.aborted) return;
      setError(thrown);
      setSent(undefined);
    }
  };
  return { sent, error, start };
}
