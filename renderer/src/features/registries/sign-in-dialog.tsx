import { useId, useState } from 'react';
import { describeError } from '../../lib/describe-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { signInCommand } from '../commands/system-commands.ts';
import { useSignIn } from './use-sign-in.ts';

/** Signs in to a registry: it is asked at once, and the sign-in kept only when it accepts it. */
export default function SignInDialog() {
  const t = useText();
  const id = useId();
  const [registry, setRegistry] = useState('docker.io');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [insecure, setInsecure] = useState(false);
  const { busy, error, signIn } = useSignIn();
  const ready = registry.trim() !== '' && username !== '' && password !== '' && !busy;
  const submit = async () => {
    if (ready && (await signIn({ registry: registry.trim(), username, password, insecure }))) closeOverlay();
  };
  return (
    <Dialog
      title={t('signIn.title')}
      closeLabel={t('ui.close')}
      size="small"
      onClose={closeOverlay}
      onSubmit={() => void submit()}
      footer={
        <>
          <span className="grow" />
          <Button onClick={closeOverlay}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" disabled={!ready}>
            {t(busy ? 'signIn.asking' : 'settings.signIn')}
          </Button>
        </>
      }
    >
      <div className="form">
        <FormRow label={t('pull.registry')} htmlFor={`${id}-registry`}>
          <TextField
            id={`${id}-registry`}
            data-autofocus
            value={registry}
            onChange={(event) => setRegistry(event.target.value)}
          />
          <Hint>{t('signIn.registryHint')}</Hint>
        </FormRow>
        <FormRow label={t('pull.username')} htmlFor={`${id}-username`}>
          <TextField
            id={`${id}-username`}
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        </FormRow>
        <FormRow label={t('signIn.password')} htmlFor={`${id}-password`}>
          <TextField
            id={`${id}-password`}
            type="password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <Hint>{t('signIn.kept')}</Hint>
        </FormRow>
        <FormRow label={t('settings.security')}>
          <Checkbox labelled label={t('pull.insecure')} checked={insecure} onChange={setInsecure} />
        </FormRow>
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
      </div>
      {registry.trim() !== '' && <CommandView command={signInCommand(registry.trim(), username)} />}
    </Dialog>
  );
}
