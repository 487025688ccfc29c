import { useEffect, useRef, useState } from 'react';
import type { ContainerDetails } from '@longshore/engine/types';
import { useConnectionState, useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { openExternal } from '../../lib/open-external.ts';
import { usePreferences } from '../../lib/preferences.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FIRST_STATE, type LogFilter, LogSession, type LogState } from './log-session.ts';
import { type Found, LogToolbar } from './log-toolbar.tsx';
import './logs.css';

interface LogView {
  readonly session: LogSession | undefined;
  readonly state: LogState;
}

const NO_VIEW: LogView = { session: undefined, state: FIRST_STATE };

export default function LogsTab({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const host = useRef<HTMLDivElement>(null);
  const [filter, setFilter] = useState<LogFilter>('all');
  const { logTimestamps: timestamps, logWrap: wrap } = usePreferences();
  const style = { timestamps, wrap, filter };
  const [session, state] = useLogSession(container, host, style);
  const [found, setFound] = useState<Found | undefined>();
  useEffect(() => {
    session?.view.onFound((index, count) => setFound({ index, count }));
  }, [session]);
  return (
    <div className="logs">
      <LogToolbar
        session={session}
        name={container.name}
        filter={filter}
        onFilter={setFilter}
        following={state.following}
        found={found}
      />
      <div className="logs-area">
        <div
          ref={host}
          className="terminal-host"
          role="log"
          aria-label={t('logs.label', { name: container.name })}
        />
        {state.empty && state.status !== 'loading' && state.status !== 'failed' && (
          <p className="logs-empty text-3">{t('logs.empty')}</p>
        )}
        {state.status === 'failed' && (
          <div className="logs-failed">
            <ErrorNotice {...describeError(state.error)} />
          </div>
        )}
        {(state.older === 'reading' || state.older === 'failed') && (
          <div className="logs-pill logs-pill-top" role="status">
            {state.older === 'reading' ? (
              t('logs.older')
            ) : (
              <>
                {t('logs.olderFailed')}
                <Button small icon="restart" onClick={() => void session?.readOlder()}>
                  {t('list.retry')}
                </Button>
              </>
            )}
          </div>
        )}
        {!state.following && (
          <div className="logs-pill">
            <Button small icon="follow" onClick={() => session?.setFollowing(true)}>
              {state.unseen === 0 ? t('logs.toEnd') : t('logs.unseen', { count: state.unseen })}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** A log ends with its container's run: a new run, and a new connection, begin a new session. */
function useLogSession(
  container: ContainerDetails,
  host: React.RefObject<HTMLDivElement | null>,
  style: { readonly timestamps: boolean; readonly wrap: boolean; readonly filter: LogFilter },
): readonly [LogSession | undefined, LogState] {
  const t = useText();
  const engine = useEngine();
  const connected = useConnectionState() === 'open';
  const [view, setView] = useState<LogView>(NO_VIEW);
  const { id, name } = container;
  const { startedAt } = container.state;
  const firstStyle = useRef(style);
  useEffect(() => {
    if (host.current === null || !connected) return undefined;
    const created = new LogSession({
      engine,
      container: id,
      label: t('logs.label', { name }),
      beginning: t('logs.beginning'),
      style: firstStyle.current,
      openLink: openExternal,
      onState: (state) => setView({ session: created, state }),
    });
    created.view.attach(host.current);
    void created.follow();
    return () => {
      setView(NO_VIEW);
      created[Symbol.dispose]();
    };
  }, [engine, connected, id, name, startedAt, host, t]);
  const { session, state } = view;
  const { timestamps, wrap, filter } = style;
  useEffect(() => {
    firstStyle.current = { timestamps, wrap, filter };
    void session?.setStyle({ timestamps, wrap, filter });
  }, [session, timestamps, wrap, filter]);
  return [session, state];
}
