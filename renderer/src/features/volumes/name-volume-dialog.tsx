import { useId, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Volume } from '@longshore/engine/types';
import { describeError } from '../../lib/describe-error.ts';
import { type MessageId, useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { onlyLongshore } from '../commands/action-command.ts';
import { useVolumes } from './queries.ts';
import { useVolumeActions } from './use-volume-actions.ts';
import { nameProblem } from './volume-form.ts';
import { volumePath } from './volume-list.ts';

interface NameVolumeDialogProps {
  readonly title: string;
  readonly text: string;
  readonly confirm: MessageId;
  readonly busyText: MessageId;
  readonly initial: string;
  /** The command line that does the same with this name. */
  readonly command: (name: string) => readonly string[];
  readonly act: (name: string) => Promise<Volume>;
}

/** Asks for the name of a volume that is made of something that is there. */
export function NameVolumeDialog(props: NameVolumeDialogProps) {
  const { title, text, confirm, busyText, initial, command, act } = props;
  const t = useText();
  const id = useId();
  const navigate = useNavigate();
  const { refresh } = useVolumeActions();
  const volumes = useVolumes().data ?? [];
  const [input, setInput] = useState(initial);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const name = input.trim();
  const problem = busy ? undefined : nameProblem(name, volumes);
  const ready = name !== '' && problem === undefined && !busy;
  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const volume = await act(name);
      await refresh();
      closeOverlay();
      void navigate(volumePath(volume.name));
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      closeLabel={t('ui.close')}
      size="small"
      onClose={closeOverlay}
      onSubmit={() => {
        if (ready) void submit();
      }}
      footer={
        <>
          <span className="grow" />
          <Button onClick={closeOverlay}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" disabled={!ready}>
            {t(busy ? busyText : confirm)}
          </Button>
        </>
      }
    >
      <div className="form">
        <FormRow label={t('volumes.newName')} htmlFor={id}>
          <TextField
            id={id}
            data-autofocus
            value={input}
            invalid={problem !== undefined}
            onChange={(event) => setInput(event.target.value)}
          />
          {problem === undefined ? (
            <Hint>{text}</Hint>
          ) : (
            <Hint tone="bad">{t(problem.id, problem.values)}</Hint>
          )}
        </FormRow>
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
      </div>
      <CommandView command={onlyLongshore(...command(name === '' ? '…' : name))} />
    </Dialog>
  );
}
