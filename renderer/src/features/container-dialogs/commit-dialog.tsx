import { useId, useState } from 'react';
import { useNavigate } from 'react-router';
import type { ContainerSummary } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { checkReference } from '../../lib/check-reference.ts';
import { describeError } from '../../lib/describe-error.ts';
import { shortId } from '../../lib/image-reference.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import { useToasts } from '../../ui/toast-store.ts';
import { displayName } from '../containers/container-list.ts';
import { imagePath } from '../images/image-list.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { commitCommand, type CommitOrder } from '../commands/container-commands.ts';

/** Makes an image of the container's files. */
export default function CommitDialog({ container }: { readonly container: ContainerSummary }) {
  const t = useText();
  const id = useId();
  const [reference, setReference] = useState('');
  const [message, setMessage] = useState('');
  const [author, setAuthor] = useState('');
  const [pause, setPause] = useState(true);
  const { busy, error, commit } = useCommit(container);
  const checked = reference.trim() === '' ? undefined : checkReference(reference);
  const name = checked?.ok === true ? checked.reference : undefined;
  const order: CommitOrder = { ...(name !== undefined && { reference: name }), message, author, pause };
  const ready = checked?.ok !== false && !busy;
  const running = container.state.status === 'running';
  return (
    <Dialog
      title={t('commit.title', { name: displayName(container) })}
      closeLabel={t('ui.close')}
      size="small"
      onClose={closeOverlay}
      onSubmit={() => {
        if (ready) void commit(order);
      }}
      footer={
        <>
          <span className="grow" />
          <Button onClick={closeOverlay}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" disabled={!ready}>
            {t(busy ? 'commit.busy' : 'commit.make')}
          </Button>
        </>
      }
    >
      <div className="form">
        <FormRow label={t('column.name')} htmlFor={`${id}-name`}>
          <TextField
            id={`${id}-name`}
            data-autofocus
            value={reference}
            invalid={checked?.ok === false}
            placeholder={t('commit.namePlaceholder')}
            onChange={(event) => setReference(event.target.value)}
          />
          {checked?.ok === false && <Hint tone="bad">{t('run.badImage')}</Hint>}
          {name !== undefined && <Hint>{t('commit.willBe', { name })}</Hint>}
        </FormRow>
        <FormRow label={t('commit.message')} htmlFor={`${id}-message`}>
          <TextField
            id={`${id}-message`}
            value={message}
            onChange={(event) => setMessage(event.target.value)}
          />
        </FormRow>
        <FormRow label={t('image.author')} htmlFor={`${id}-author`}>
          <TextField id={`${id}-author`} value={author} onChange={(event) => setAuthor(event.target.value)} />
        </FormRow>
        {running && <Checkbox labelled label={t('commit.pause')} checked={pause} onChange={setPause} />}
        <Hint>{t('commit.text')}</Hint>
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
      </div>
      {checked?.ok !== false && <CommandView command={commitCommand(displayName(container), order)} />}
    </Dialog>
  );
}

function useCommit(container: ContainerSummary) {
  const t = useText();
  const engine = useEngine();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const commit = async (order: CommitOrder) => {
    setBusy(true);
    setError(undefined);
    try {
      const image = await engine.containers.commit({ container: container.id, ...order });
      closeOverlay();
      useToasts.getState().show({
        tone: 'ok',
        title: t('commit.done', { name: image.reference ?? shortId(image.id) }),
        action: { label: t('commit.show'), run: () => void navigate(imagePath(image)) },
      });
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return { busy, error, commit };
}
