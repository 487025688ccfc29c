import type { SystemInfo, SystemUsage } from '@longshore/engine/types';
import { useConnection } from '../../bridge/index.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { Meter } from '../../ui/meter.tsx';
import { TasksButton } from '../tasks/tasks-button.tsx';
import { useEngineTrouble } from './engine-trouble.ts';
import { useStartAgent, useSystemInfo, useSystemUsage } from './queries.ts';
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

function EngineItem({ info }: { readonly info: SystemInfo | undefined }) {
  const t = useText();
  const trouble = useEngineTrouble();
  const connection = useConnection();
  const startAgent = useStartAgent();
  if (trouble === undefined) {
    return (
      <span className="statusbar-item" role="status">
        <StateShape
          shape={info === undefined ? 'busy' : 'running'}
          tone={info === undefined ? 'info' : 'ok'}
        />
        <b>{t(info === undefined ? 'status.connecting' : 'status.running')}</b>
      </span>
    );
  }
  if (trouble.kind === 'starting') {
    return (
      <span className="statusbar-item" role="status">
        <StateShape shape="busy" tone="info" />
        <b>{t('status.starting')}</b>
        <span className="text-3">{trouble.step}</span>
      </span>
    );
  }
  const lost = trouble.kind === 'no-engine';
  return (
    <span className="statusbar-item" role="status">
      <StateShape shape="failed" tone="bad" />
      <b>{t(lost ? 'status.lost' : 'status.noAgent')}</b>
      {!lost && (
        <span className="statusbar-reason ellipsis" title={trouble.error.hint}>
          {trouble.error.message}
        </span>
      )}
      <Button
        small
        variant="quiet"
        disabled={startAgent.isPending}
        onClick={() => (lost ? connection.retryNow() : startAgent.mutate())}
      >
        {t(lost ? 'engine.connect' : 'engine.startAgent')}
      </Button>
    </span>
  );
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
