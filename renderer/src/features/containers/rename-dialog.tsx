import { useId, useState } from 'react';
import { containerName } from '@longshore/engine/contract';
import type { ContainerSummary } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { renameCommand } from '../commands/container-commands.ts';

export function RenameDialog({ container }: { readonly container: ContainerSummary }) {
  const t = useText();
  const engine = useEngine();
  const id = useId();
  const [name, setName] = useState(container.name);
  const [error, setError] = useState<unknown>();
  const valid = containerName.safeParse(name).success;
  const rename = async () => {
    if (!valid) return;
    try {
      await engine.containers.rename({ container: container.id, name });
      closeOverlay();
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <Dialog
      title={t('rename.title', { name: container.name })}
      closeLabel={t('ui.close')}
      size="small"
      onClose={closeOverlay}
      onSubmit={() => void rename()}
      footer={
        <>
          <span className="grow" />
          <Button onClick={closeOverlay}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" disabled={!valid || name === container.name}>
            {t('action.rename')}
          </Button>
        </>
      }
    >
      <div className="form">
        <FormRow label={t('column.name')} htmlFor={id}>
          <TextField
            id={id}
            data-autofocus
            value={name}
            invalid={!valid}
            onChange={(event) => setName(event.target.value)}
          />
          {!valid && <Hint tone="bad">{t('run.badName')}</Hint>}
        </FormRow>
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
      </div>
      {valid && <CommandView command={renameCommand(container.name, name)} />}
    </Dialog>
  );
}
