import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ContainerDetails } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { openExternal } from '../../lib/open-external.ts';
import { reportError } from '../../lib/report-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SHELLS, type ShellChoice } from './shells.ts';
import { type OpenTerminal, useTerminals } from './terminal-store.ts';
import './terminal.css';

const NONE: readonly OpenTerminal[] = [];

export default function TerminalTab({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const engine = useEngine();
  const { id, name } = container;
  const open = useTerminals((state) => state.open);
  const terminals = useTerminals((state) => state.terminals[id]) ?? NONE;
  const activeId = useTerminals((state) => state.active[id]);
  const [choice, setChoice] = useState<ShellChoice>('auto');
  const [user, setUser] = useState('');
  const running = container.state.status === 'running';
  const label = t('terminal.label', { name });
  const started = useRef(false);
  const start = () => open({ engine, container: id, choice, user, label, openLink: openExternal });
  useEffect(() => {
    if (!running || started.current || terminals.length > 0) return;
    started.current = true;
    open({ engine, container: id, choice: 'auto', user: '', label, openLink: openExternal });
  }, [running, terminals.length, open, engine, id, label]);
  const active = terminals.find((each) => each.id === activeId) ?? terminals.at(-1);
  if (!running && active === undefined) return <NotRunning container={container} />;
  return (
    <div className="terminals">
      <div className="toolbar">
        <TerminalTabs container={id} terminals={terminals} active={active} />
        <span className="grow" />
        <SelectField
          fieldWidth="short"
          aria-label={t('terminal.shell')}
          value={choice}
          onChange={(event) => setChoice(SHELLS.find((shell) => shell === event.target.value) ?? 'auto')}
        >
          <option value="auto">{t('terminal.auto')}</option>
          {SHELLS.map((shell) => (
            <option key={shell} value={shell}>
              {shell}
            </option>
          ))}
        </SelectField>
        <TextField
          fieldWidth="short"
          aria-label={t('terminal.user')}
          placeholder={t('terminal.user')}
          value={user}
          onChange={(event) => setUser(event.target.value)}
        />
        <Button icon="plus" disabled={!running} onClick={start}>
          {t('terminal.new')}
        </Button>
      </div>
      {active !== undefined && <Screen key={active.id} opened={active} />}
    </div>
  );
}

function NotRunning({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const engine = useEngine();
  const start = () => {
    engine.containers.start({ container: container.id }).catch((error: unknown) => reportError(error));
  };
  return (
    <EmptyState title={t('terminal.notRunning')} text={t('terminal.notRunningText')}>
      <div className="empty-actions">
        <Button variant="primary" icon="play" onClick={start}>
          {t('action.start')}
        </Button>
      </div>
    </EmptyState>
  );
}

interface TerminalTabsProps {
  readonly container: string;
  readonly terminals: readonly OpenTerminal[];
  readonly active: OpenTerminal | undefined;
}

function TerminalTabs({ container, terminals, active }: TerminalTabsProps) {
  const t = useText();
  const { activate, close } = useTerminals();
  return (
    <div className="terminal-tabs" role="group" aria-label={t('terminal.open')}>
      {terminals.map((opened, index) => (
        <span
          key={opened.id}
          className={opened === active ? 'terminal-tab terminal-tab-active' : 'terminal-tab'}
        >
          <button
            type="button"
            aria-pressed={opened === active}
            onClick={() => activate(container, opened.id)}
          >
            <Icon name="terminal" small />
            <ShellName opened={opened} number={index + 1} />
          </button>
          <IconButton
            icon="close"
            small
            label={t('terminal.close')}
            onClick={() => close(container, opened.id)}
          />
        </span>
      ))}
    </div>
  );
}

function useTerminalState({ session }: OpenTerminal) {
  return useSyncExternalStore(session.subscribe, () => session.state);
}

function ShellName({ opened, number }: { readonly opened: OpenTerminal; readonly number: number }) {
  const t = useText();
  const { shell } = useTerminalState(opened);
  return t('terminal.tab', { shell: shell === '' ? '…' : shell, number });
}

function Screen({ opened }: { readonly opened: OpenTerminal }) {
  const t = useText();
  const host = useRef<HTMLDivElement>(null);
  const state = useTerminalState(opened);
  const { session } = opened;
  useEffect(() => {
    const { view } = session;
    if (host.current !== null) view.attach(host.current);
    view.terminal.focus();
    return () => view.detach();
  }, [session]);
  const over = state.status === 'ended' || state.status === 'failed';
  return (
    <>
      <div ref={host} className="terminal-host" />
      {over && (
        <div className="terminal-over" role="status">
          {state.status === 'failed' ? (
            <div className="grow">
              <ErrorNotice {...describeError(state.error)} />
            </div>
          ) : (
            <span className="grow">
              {state.exitCode === null
                ? t('terminal.ended')
                : t('terminal.endedCode', { code: state.exitCode })}
            </span>
          )}
          <Button icon="restart" onClick={() => void session.start().then(() => undefined)}>
            {t('terminal.reconnect')}
          </Button>
        </div>
      )}
    </>
  );
}
