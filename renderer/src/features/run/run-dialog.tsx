import { useId, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { isEngineError } from '@longshore/engine/errors';
import { useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useContainers } from '../containers/queries.ts';
import { useStartTransfer } from '../transfers/transfer-store.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { same } from '../commands/action-command.ts';
import { runCommand } from '../commands/container-commands.ts';
import { conflictOf } from './port-rows.ts';
import { EMPTY_RUN_FORM, type RunForm } from './run-form.ts';
import { canRun, readRunForm } from './run-problems.ts';
import { RunSections } from './run-sections.tsx';
import './run.css';

export default function RunDialog({ image }: { readonly image: string }) {
  const t = useText();
  const engine = useEngine();
  const navigate = useNavigate();
  const startTransfer = useStartTransfer();
  const id = useId();
  const [form, setForm] = useState<RunForm>({ ...EMPTY_RUN_FORM, image });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const read = useMemo(() => readRunForm(form), [form]);
  const containers = useContainers().data ?? [];
  const isTaken = form.ports.some((row) => conflictOf(row, containers) !== undefined);
  const ready = canRun(read) && !isTaken && !busy;
  const change = (part: Partial<RunForm>) => setForm((before) => ({ ...before, ...part }));
  const run = async () => {
    if (!ready) return;
    setBusy(true);
    setError(undefined);
    try {
      const container = await engine.containers.run(read.request);
      closeOverlay();
      void navigate(`/containers/${container.id}/${form.interactive ? 'terminal' : 'logs'}`);
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  const pull = () => {
    closeOverlay();
    void navigate('/images');
    startTransfer.pull(read.request.image);
  };
  const fields = { id, form, problems: read.problems, onChange: change };
  return (
    <Dialog
      title={t('containers.run')}
      closeLabel={t('ui.close')}
      onClose={closeOverlay}
      onSubmit={() => void run()}
      footer={
        <>
          <span className="grow" />
          <Button onClick={closeOverlay}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" icon="play" disabled={!ready}>
            {t(busy ? 'run.starting' : 'run.run')}
          </Button>
        </>
      }
    >
      <div className="run">
        <RunSections {...fields} />
        {error !== undefined && (
          <div className="run-error">
            <ErrorNotice
              {...describeError(error)}
              action={isEngineError(error, 'not-found') ? { label: t('images.pull'), run: pull } : undefined}
            />
          </div>
        )}
        <CommandView
          command={
            read.request.image === '' ? same('run') : runCommand(read.request, form.seccompProfile?.file)
          }
        />
      </div>
    </Dialog>
  );
}
