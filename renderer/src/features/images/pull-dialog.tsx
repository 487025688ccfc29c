import { useId, useState } from 'react';
import { useNavigate } from 'react-router';
import { checkReference } from '../../lib/check-reference.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { CommandBox } from '../../ui/command-box.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { type StartPullOptions, useStartPull } from './pull-store.ts';

interface SignIn {
  readonly username: string;
  readonly password: string;
}

export default function PullDialog({ reference: initial }: { readonly reference: string }) {
  const t = useText();
  const startPull = useStartPull();
  const navigate = useNavigate();
  const id = useId();
  const [input, setInput] = useState(initial);
  const [insecure, setInsecure] = useState(false);
  const [signIn, setSignIn] = useState<SignIn | undefined>();
  const checked = input.trim() === '' ? undefined : checkReference(input);
  const signInIncomplete = signIn !== undefined && (signIn.username === '' || signIn.password === '');
  const ready = checked?.ok === true && !signInIncomplete;
  const pull = () => {
    if (checked?.ok !== true || signInIncomplete) return;
    const options: StartPullOptions = {
      ...(insecure && { insecure }),
      ...(signIn !== undefined && { credentials: signIn }),
    };
    closeOverlay();
    void navigate('/images');
    startPull(checked.reference, options);
  };
  return (
    <Dialog
      title={t('images.pull')}
      closeLabel={t('ui.close')}
      onClose={closeOverlay}
      onSubmit={pull}
      footer={
        <>
          <span className="grow" />
          <Button onClick={closeOverlay}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" icon="download" disabled={!ready}>
            {t('pull.start')}
          </Button>
        </>
      }
    >
      <div className="form">
        <FormRow label={t('column.image')} htmlFor={id}>
          <TextField
            id={id}
            data-autofocus
            value={input}
            invalid={checked?.ok === false}
            placeholder={t('pull.placeholder')}
            aria-describedby={`${id}-hint`}
            onChange={(event) => setInput(event.target.value)}
          />
          {checked === undefined ? (
            <Hint id={`${id}-hint`}>{t('pull.hint')}</Hint>
          ) : checked.ok ? (
            <Hint id={`${id}-hint`} tone="ok">
              {t('pull.willPull', { reference: checked.reference })}
            </Hint>
          ) : (
            <Hint id={`${id}-hint`} tone="bad">
              {checked.reason} {checked.hint}
            </Hint>
          )}
        </FormRow>
        <FormRow label={t('pull.registry')}>
          <Checkbox
            labelled
            label={t('pull.signIn')}
            checked={signIn !== undefined}
            onChange={(on) => setSignIn(on ? { username: '', password: '' } : undefined)}
          />
          {signIn !== undefined && <SignInFields signIn={signIn} onChange={setSignIn} />}
          <Checkbox labelled label={t('pull.insecure')} checked={insecure} onChange={setInsecure} />
        </FormRow>
      </div>
      {checked?.ok === true && signIn === undefined && (
        <CommandBox command={`longshore pull ${insecure ? '--insecure ' : ''}${checked.reference}`} />
      )}
    </Dialog>
  );
}

interface SignInFieldsProps {
  readonly signIn: SignIn;
  readonly onChange: (signIn: SignIn) => void;
}

function SignInFields({ signIn, onChange }: SignInFieldsProps) {
  const t = useText();
  return (
    <>
      <div className="form-line">
        <TextField
          aria-label={t('pull.username')}
          placeholder={t('pull.username')}
          value={signIn.username}
          onChange={(event) => onChange({ ...signIn, username: event.target.value })}
        />
        <TextField
          type="password"
          aria-label={t('pull.password')}
          placeholder={t('pull.password')}
          value={signIn.password}
          onChange={(event) => onChange({ ...signIn, password: event.target.value })}
        />
      </div>
      <Hint>{t('pull.notKept')}</Hint>
    </>
  );
}
