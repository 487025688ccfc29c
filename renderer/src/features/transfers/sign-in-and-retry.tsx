import { useId, useState } from 'react';
import { registryOf } from '../../lib/check-reference.ts';
import { describeError } from '../../lib/describe-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TextField } from '../../ui/field.tsx';
import { useSignIn } from '../registries/use-sign-in.ts';
import type { TransferCredentials } from './transfer.ts';

interface SignInAndRetryProps {
  readonly reference: string;
  readonly insecure: boolean;
  /** With credentials that are for this time only; without them, they are kept. */
  readonly onReady: (credentials: TransferCredentials | undefined) => void;
  readonly onGiveUp: () => void;
}

/** Where a registry has refused a transfer: who the person is, and on with it. */
export function SignInAndRetry({ reference, insecure, onReady, onGiveUp }: SignInAndRetryProps) {
  const t = useText();
  const id = useId();
  const registry = registryOf(reference);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [keep, setKeep] = useState(true);
  const { busy, error, signIn } = useSignIn();
  const ready = username !== '' && password !== '' && !busy;
  const submit = async () => {
    if (!ready) return;
    if (!keep) onReady({ username, password });
    else if (await signIn({ registry, username, password, insecure })) onReady(undefined);
  };
  return (
    <form
      className="transfer-sign-in"
      aria-label={t('signIn.to', { registry })}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h3 className="text-strong">{t('signIn.to', { registry })}</h3>
      <label htmlFor={`${id}-name`}>{t('pull.username')}</label>
      <TextField
        id={`${id}-name`}
        autoFocus
        value={username}
        onChange={(event) => setUsername(event.target.value)}
      />
      <label htmlFor={`${id}-password`}>{t('pull.password')}</label>
      <TextField
        id={`${id}-password`}
        type="password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Checkbox labelled label={t('signIn.keep')} checked={keep} onChange={setKeep} />
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      <div className="row">
        <Button type="submit" variant="primary" disabled={!ready}>
          {t(busy ? 'signIn.asking' : 'signIn.andGoOn')}
        </Button>
        <Button variant="quiet" onClick={onGiveUp}>
          {t('transfer.putAway')}
        </Button>
      </div>
    </form>
  );
}
