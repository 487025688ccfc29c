import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isEngineError } from '@longshore/engine/errors';
import type { RegistrySignIn } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { reportError } from '../../lib/report-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { useSignIns } from '../registries/queries.ts';

/** Where the person is signed in, here or by docker's own tools. */
export function SignInsCard() {
  const t = useText();
  const query = useSignIns();
  return (
    <Card
      title={t('settings.signIns')}
      {...(query.data !== undefined && { count: query.data.length })}
      end={
        <Button small icon="plus" onClick={() => openOverlay({ kind: 'sign-in' })}>
          {t('settings.signIn')}
        </Button>
      }
    >
      {query.error !== null && <ErrorNotice {...describeError(query.error)} />}
      {query.data?.length === 0 && <p className="text-3 text-small">{t('settings.noSignIns')}</p>}
      <ul className="sign-ins">
        {query.data?.map((signIn) => (
          <SignIn key={`${signIn.source} ${signIn.registry}`} signIn={signIn} />
        ))}
      </ul>
    </Card>
  );
}

type Tested = 'asking' | 'ok' | { readonly error: unknown };

function SignIn({ signIn }: { readonly signIn: RegistrySignIn }) {
  const t = useText();
  const { registry, username, source } = signIn;
  const { tested, test, signOut } = useSignInActions(registry);
  return (
    <li>
      <div className="row">
        <span className="text-medium ellipsis">{registry}</span>
        <span className="text-3 ellipsis">{username ?? t('settings.byToken')}</span>
        {source === 'docker' && <span className="tag">{t('settings.byDocker')}</span>}
        <span className="grow" />
        {tested === 'ok' && (
          <span className="row text-small" role="status">
            <StateShape shape="done" tone="ok" />
            {t('settings.accepted')}
          </span>
        )}
        <Button small disabled={tested === 'asking'} onClick={() => void test()}>
          {t(tested === 'asking' ? 'signIn.asking' : 'settings.test')}
        </Button>
        <Button small disabled={source === 'docker'} onClick={() => void signOut()}>
          {t('settings.signOut')}
        </Button>
      </div>
      {typeof tested === 'object' && <ErrorNotice {...describeError(tested.error)} />}
    </li>
  );
}

function useSignInActions(registry: string) {
  const engine = useEngine();
  const queries = useQueryClient();
  const [tested, setTested] = useState<Tested | undefined>();
  const test = async () => {
    setTested('asking');
    try {
      await engine.registries.catalog({ registry, limit: 1 });
      setTested('ok');
    } catch (error) {
      // It knows who we are, and tells nobody what it has.
      setTested(isEngineError(error, 'not-implemented') ? 'ok' : { error });
    }
  };
  const signOut = async () => {
    try {
      await engine.registries.signOut({ registry });
      await queries.invalidateQueries({ queryKey: queryKeys.signIns });
    } catch (error) {
      reportError(error);
    }
  };
  return { tested, test, signOut };
}
