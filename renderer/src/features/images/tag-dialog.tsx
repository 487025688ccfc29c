import { useId, useState } from 'react';
import type { ImageSummary } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { checkReference } from '../../lib/check-reference.ts';
import { describeError } from '../../lib/describe-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { tagCommand } from '../commands/image-commands.ts';
import { imageName } from './image-list.ts';

/** Gives an image one more name. */
export function TagDialog({ image }: { readonly image: ImageSummary }) {
  const t = useText();
  const engine = useEngine();
  const id = useId();
  const [input, setInput] = useState('');
  const [error, setError] = useState<unknown>();
  const checked = input.trim() === '' ? undefined : checkReference(input);
  const tag = async () => {
    if (checked?.ok !== true) return;
    try {
      await engine.images.tag({ image: image.id, reference: checked.reference });
      closeOverlay();
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <Dialog
      title={t('tag.title', { image: imageName(image) })}
      closeLabel={t('ui.close')}
      size="small"
      onClose={closeOverlay}
      onSubmit={() => void tag()}
      footer={
        <>
          <span className="grow" />
          <Button onClick={closeOverlay}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" icon="tag" disabled={checked?.ok !== true}>
            {t('images.tag')}
          </Button>
        </>
      }
    >
      <div className="form">
        <FormRow label={t('tag.name')} htmlFor={id}>
          <TextField
            id={id}
            data-autofocus
            value={input}
            invalid={checked?.ok === false}
            placeholder={t('tag.placeholder')}
            onChange={(event) => setInput(event.target.value)}
          />
          {checked?.ok === true && <Hint tone="ok">{t('tag.willBe', { reference: checked.reference })}</Hint>}
          {checked?.ok === false && <Hint tone="bad">{checked.reason}</Hint>}
        </FormRow>
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
      </div>
      {checked?.ok === true && <CommandView command={tagCommand(imageName(image), checked.reference)} />}
    </Dialog>
  );
}
