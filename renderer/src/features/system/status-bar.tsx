import type { SystemInfo, SystemUsage } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { StateShape } from '../../ui/icon.tsx';
import { Meter } from '../../ui/meter.tsx';
import { TasksButton } from '../tasks/tasks-button.tsx';
import { type EngineTrouble, useEngineTrouble } from './engine-trouble.ts';
import { useSystemInfo, useSystemUsage } from './queries.ts';
import './status-bar.css';

export function StatusBar() {
  const t = useText();
  const info = useSystemInfo();
  const usage = useSystemUsage();
  return (
    <footer className="statusbar" aria-label={t('status.label')}>
      <EngineItem info={info.data} />
      {usage.data !== undefined && <UsageItems usage={usage.data} />}
      <span className="statusbar-end">
        <TasksButton />
        {info.data !== undefined && <span className="text-3 wide-only">{info.data.version}</span>}
      </span>
    </footer>
  );
}

/** States how the engine is, in a word. Why, and what to do, is the page's to say. */
function EngineItem({ info }: { readonly info: SystemInfo | undefined }) {
  const t = useText();
  const trouble = useEngineTrouble();
  const { shape, tone, word } = shownEngine(info, trouble);
  return (
    <span className="statusbar-item" role="status">
      <StateShape shape={shape} tone={tone} />
      <b>{t(word)}</b>
    </span>
  );
}

function shownEngine(info: SystemInfo | undefined, trouble: EngineTrouble | undefined) {
  switch (trouble?.kind) {
    case 'no-engine':
      return { shape: 'failed', tone: 'bad', word: 'status.lost' } as const;
    case 'no-agent':
      return { shape: 'failed', tone: 'bad', word: 'status.noAgent' } as const;
    case 'starting':
      return { shape: 'busy', tone: 'info', word: 'status.starting' } as const;
    case undefined:
      return info === undefined
        ? ({ shape: 'busy', tone: 'info', word: 'status.connecting' } as const)
        : ({ shape: 'running', tone: 'ok', word: 'status.running' } as const);
  }
}

function UsageItems({ usage }: { readonly usage: SystemUsage }) {
  const t = useText();
  const format = useFormat();
  return (
    <>
      <span className="statusbar-item">
        <span className="text-3">{t('status.cpu')}</span>
        <b className="statusbar-cpu">
          {usage.cpuFraction === null ? '–' : format.percent(usage.cpuFraction)}
        </b>
        <span>{t('status.cores', { count: usage.cpus })}</span>
      </span>
      <Share
        name={t('status.memory')}
        used={format.memory(usage.memoryUsedBytes)}
        total={format.memory(usage.memoryTotalBytes)}
        fraction={usage.memoryUsedBytes / usage.memoryTotalBytes}
      />
      <Share
        name={t('status.disk')}
        used={format.bytes(usage.diskUsedBytes)}
        total={format.bytes(usage.diskTotalBytes)}
        fraction={usage.diskUsedBytes / usage.diskTotalBytes}
      />
    </>
  );
}

interface ShareProps {
  readonly name: string;
  readonly used: string;
  readonly total: string;
  readonly fraction: number;
}

const NEARLY_FULL = 0.9;

function Share({ name, used, total, fraction }: ShareProps) {
  const t = useText();
  return (
    <span className="statusbar-item wide-only">
      <span className="text-3">{name}</span>
      <b>{used}</b>
      <span>{t('status.of', { total })}</span>
      <Meter fraction={fraction} label={name} tone={fraction >= NEARLY_FULL ? 'warn' : 'meter'} />
    </span>
  );
}
