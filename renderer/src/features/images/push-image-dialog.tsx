import { useId, useState } from 'react';
import { useNavigate } from 'react-router';
import type { ImageSummary } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { checkReference, registryOf } from '../../lib/check-reference.ts';
import { describeError } from '../../lib/describe-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormRow, Hint, SelectField, TextField } from '../../ui/field.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { useStartTransfer } from '../transfers/transfer-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { pushCommand } from '../commands/image-commands.ts';
import { imageName } from './image-list.ts';

const ANOTHER = '';

/** Sends an image to the registry that one of its names leads to, or a new name that it is given for it. */
export default function PushImageDialog({ image }: { readonly image: ImageSummary }) {
  const t = useText();
  const id = useId();
  const [chosen, setChosen] = useState(image.references[0] ?? ANOTHER);
  const [typed, setTyped] = useState('');
  const [insecure, setInsecure] = useState(false);
  const another = chosen === ANOTHER;
  const checked = another && typed.trim() === '' ? undefined : checkReference(another ? typed : chosen);
  const { error, push } = usePush(image, insecure);
  return (
    <Dialog
      title={t('push.title', { image: imageName(image) })}
      closeLabel={t('ui.close')}
      onClose={closeOverlay}
      onSubmit={() => {
        if (checked?.ok === true) void push(checked.reference);
      }}
      footer={
        <>
          <span className="grow" />
          <Button onClick={closeOverlay}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" icon="upload" disabled={checked?.ok !== true}>
            {t('push.start')}
          </Button>
        </>
      }
    >
      <div className="form">
        <FormRow label={t('push.name')} htmlFor={`${id}-name`}>
          <SelectField
            id={`${id}-name`}
            fieldWidth="full"
            data-autofocus
            value={chosen}
            onChange={(event) => setChosen(event.target.value)}
          >
            {image.references.map((reference) => (
              <option key={reference}>{reference}</option>
            ))}
            <option value={ANOTHER}>{t('push.newName')}</option>
          </SelectField>
          {another && (
            <>
              <TextField
                aria-label={t('tag.name')}
                value={typed}
                invalid={checked?.ok === false}
                placeholder={t('tag.placeholder')}
                onChange={(event) => setTyped(event.target.value)}
              />
              <Hint>{t('push.newNameHint')}</Hint>
            </>
          )}
          {checked?.ok === true && (
            <Hint tone="ok">
              {t('push.to', { registry: registryOf(checked.reference), reference: checked.reference })}
            </Hint>
          )}
          {checked?.ok === false && <Hint tone="bad">{checked.reason}</Hint>}
        </FormRow>
        <FormRow label={t('pull.registry')}>
          <Checkbox labelled label={t('pull.insecure')} checked={insecure} onChange={setInsecure} />
        </FormRow>
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
      </div>
      {checked?.ok === true && (
        <CommandView command={pushCommand({ reference: checked.reference, insecure })} />
      )}
    </Dialog>
  );
}

function usePush(image: ImageSummary, insecure: boolean) {
  const engine = useEngine();
  const navigate = useNavigate();
  const start = useStartTransfer();
  const [error, setError] = useState<unknown>();
  const push = async (reference: string) => {
    try {
      if (!image.references.includes(reference)) await engine.images.tag({ image: image.id, reference });
      closeOverlay();
      void navigate('/images');
      start.push(reference, { insecure });
    } catch (thrown) {
      setError(thrown);
    }
  };
  return { error, push };
}
