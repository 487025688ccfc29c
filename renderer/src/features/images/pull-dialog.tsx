import { useId, useState } from 'react';
import { useNavigate } from 'react-router';
import { checkReference } from '../../lib/check-reference.ts';
import { referenceParts } from '../../lib/image-reference.ts';
import { platformOf } from '../../lib/platform-name.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FormRow, Hint, SelectField, TextField } from '../../ui/field.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { FoundImages } from '../registries/found-images.tsx';
import { RepositoryTags } from '../registries/repository-tags.tsx';
import type { TransferOptions } from '../transfers/transfer.ts';
import { useStartTransfer } from '../transfers/transfer-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { pullCommand } from '../commands/image-commands.ts';

interface SignIn {
  readonly username: string;
  readonly password: string;
}

const PLATFORMS = [
  'linux/amd64',
  'linux/arm64',
  'linux/arm/v7',
  'linux/arm/v6',
  'linux/386',
  'linux/ppc64le',
  'linux/riscv64',
  'linux/s390x',
];

export default function PullDialog({ reference: initial }: { readonly reference: string }) {
  const t = useText();
  const { pull: startPull } = useStartTransfer();
  const navigate = useNavigate();
  const id = useId();
  const [input, setInput] = useState(initial);
  const [insecure, setInsecure] = useState(false);
  const [platform, setPlatform] = useState('');
  const [signIn, setSignIn] = useState<SignIn | undefined>();
  const checked = input.trim() === '' ? undefined : checkReference(input);
  const signInIncomplete = signIn !== undefined && (signIn.username === '' || signIn.password === '');
  const ready = checked?.ok === true && !signInIncomplete;
  const pull = () => {
    if (checked?.ok !== true || signInIncomplete) return;
    closeOverlay();
    void navigate('/images');
    startPull(checked.reference, optionsOf(insecure, platform, signIn));
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
        <FoundImages term={referenceParts(input.trim()).repository} insecure={insecure} onChoose={setInput} />
        {checked?.ok === true && (
          <RepositoryTags reference={checked.reference} insecure={insecure} onChoose={setInput} />
        )}
        <FormRow label={t('pull.platform')} htmlFor={`${id}-platform`}>
          <SelectField
            id={`${id}-platform`}
            value={platform}
            onChange={(event) => setPlatform(event.target.value)}
          >
            <option value="">{t('pull.thisMachine')}</option>
            {PLATFORMS.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </SelectField>
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
        <CommandView command={pullCommand({ reference: checked.reference, insecure, platform })} />
      )}
    </Dialog>
  );
}

function optionsOf(insecure: boolean, platform: string, signIn: SignIn | undefined): TransferOptions {
  const wanted = platformOf(platform);
  return {
    ...(insecure && { insecure }),
    ...(wanted !== undefined && { platform: wanted }),
    ...(signIn !== undefined && { credentials: signIn }),
  };
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
