import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { copyText } from '../../lib/clipboard.ts';
import { downloadText } from '../../lib/download.ts';
import { usePreferences } from '../../lib/preferences.ts';
import { useSlashKey } from '../../lib/use-slash-key.ts';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { SearchField } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { plainLog } from './log-lines.ts';
import type { LogFilter, LogSession } from './log-session.ts';

export interface Found {
  readonly index: number;
  readonly count: number;
}

interface LogToolbarProps {
  readonly session: LogSession | undefined;
  readonly name: string;
  readonly filter: LogFilter;
  readonly onFilter: (filter: LogFilter) => void;
  readonly following: boolean;
  readonly found: Found | undefined;
}

const FILTERS: readonly LogFilter[] = ['all', 'stdout', 'stderr'];

export function LogToolbar({ session, name, filter, onFilter, following, found }: LogToolbarProps) {
  const t = useText();
  const { logTimestamps, setLogTimestamps, logWrap, setLogWrap } = usePreferences();
  const shown = () => plainLog(session?.lines() ?? [], logTimestamps);
  useLogKeys(session);
  return (
    <div className="toolbar" role="toolbar" aria-label={t('logs.tools')}>
      <LogSearch session={session} found={found} />
      <Segmented
        label={t('logs.filter')}
        value={filter}
        onChange={onFilter}
        options={FILTERS.map((value) => ({ value, label: t(`logs.${value}`) }))}
      />
      <span className="grow" />
      <Button
        variant="quiet"
        icon="clock"
        pressed={logTimestamps}
        onClick={() => setLogTimestamps(!logTimestamps)}
      >
        {t('logs.time')}
      </Button>
      <Button variant="quiet" icon="wrap" pressed={logWrap} onClick={() => setLogWrap(!logWrap)}>
        {t('logs.wrap')}
      </Button>
      <Button
        variant="quiet"
        icon="follow"
        pressed={following}
        onClick={() => session?.setFollowing(!following)}
      >
        {t('logs.follow')}
      </Button>
      <span className="divider" />
      <CopyButton small={false} text={shown} label={t('logs.copy')} />
      <IconButton
        icon="download"
        label={t('logs.download')}
        onClick={() => downloadText(`${name}.log`, plainLog(session?.lines() ?? [], true))}
      />
      <IconButton icon="clear" label={t('logs.clear')} onClick={() => session?.clear()} />
    </div>
  );
}

interface LogSearchProps {
  readonly session: LogSession | undefined;
  readonly found: Found | undefined;
}

function LogSearch({ session, found }: LogSearchProps) {
  const t = useText();
  const field = useRef<HTMLInputElement>(null);
  const [search, setSearch] = useState('');
  useSlashKey(field);
  useFindKey(field);
  const find = (direction: 'next' | 'previous') => session?.view.find(search, direction);
  const change = (text: string) => {
    setSearch(text);
    session?.view.find(text, 'next', true);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter') find(event.shiftKey ? 'previous' : 'next');
    if (event.key === 'Escape') change('');
  };
  return (
    <SearchField
      ref={field}
      wide
      value={search}
      label={t('logs.search')}
      shortcut="/"
      onChange={change}
      onKeyDown={keys}
      after={
        search !== '' && (
          <>
            <span className="text-3 text-small" role="status">
              {found === undefined || found.count === 0
                ? t('logs.notFound')
                : t('logs.found', { index: found.index + 1, count: found.count })}
            </span>
            <IconButton icon="chevron-up" small label={t('logs.previous')} onClick={() => find('previous')} />
            <IconButton icon="chevron-down" small label={t('logs.next')} onClick={() => find('next')} />
          </>
        )
      }
    />
  );
}

function useFindKey(field: React.RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const focus = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'f' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    window.addEventListener('keydown', focus);
    return () => window.removeEventListener('keydown', focus);
  }, [field]);
}

/** A log takes no input: its keys scroll, and Ctrl+C copies what is marked. */
function useLogKeys(session: LogSession | undefined): void {
  useEffect(() => {
    session?.view.terminal.attachCustomKeyEventHandler((event) => {
      if (event.type === 'keydown') pressed(session, event);
      return false;
    });
  }, [session]);
}

function pressed(session: LogSession, event: globalThis.KeyboardEvent): void {
  const { terminal } = session.view;
  const scroll: Readonly<Record<string, () => void>> = {
    ArrowUp: () => terminal.scrollLines(-1),
    ArrowDown: () => terminal.scrollLines(1),
    PageUp: () => terminal.scrollPages(-1),
    PageDown: () => terminal.scrollPages(1),
    Home: () => session.toTop(),
    End: () => session.setFollowing(true),
  };
  const copies = event.key.toLowerCase() === 'c' && (event.ctrlKey || event.metaKey);
  if (copies && terminal.hasSelection()) void copyText(terminal.getSelection());
  else if (scroll[event.key] !== undefined) {
    event.preventDefault();
    scroll[event.key]?.();
  }
}
