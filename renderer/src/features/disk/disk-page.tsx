import { useState } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { DiskUsage } from '@longshore/engine/types';
import { describeError } from '../../lib/describe-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { EngineNotice } from '../system/engine-notice.tsx';
import { EngineOff } from '../system/engine-off.tsx';
import { useEngineTrouble } from '../system/engine-trouble.ts';
import { openOverlay } from '../overlays/overlay-store.ts';
import { DiskBar } from './disk-bar.tsx';
import { DiskItems } from './disk-items.tsx';
import type { DiskKind } from './disk-kinds.ts';
import { DiskParts } from './disk-parts.tsx';
import { useDiskUsage } from './queries.ts';
import './disk.css';

/** Where the space has gone: every byte has an owner, and what can go says so before it does. */
export function DiskPage() {
  const t = useText();
  const query = useDiskUsage();
  return (
    <section className="page" aria-label={t('disk.title')}>
      {query.data === undefined ? (
        <NoUsage query={query} />
      ) : (
        <Usage
          usage={query.data}
          measuredAt={query.dataUpdatedAt}
          busy={query.isFetching}
          again={query.refetch}
        />
      )}
    </section>
  );
}

function NoUsage({ query }: { readonly query: UseQueryResult<DiskUsage> }) {
  const t = useText();
  const trouble = useEngineTrouble();
  if (trouble !== undefined) return <EngineOff trouble={trouble} />;
  if (query.error === null) return <SkeletonRows label={t('disk.measuring')} />;
  return (
    <EmptyState title={t('disk.failed')}>
      <div className="empty-actions">
        <ErrorNotice {...describeError(query.error)} />
        <Button icon="restart" onClick={() => void query.refetch()}>
          {t('list.retry')}
        </Button>
      </div>
    </EmptyState>
  );
}

interface UsageProps {
  readonly usage: DiskUsage;
  readonly measuredAt: number;
  readonly busy: boolean;
  readonly again: () => unknown;
}

function Usage({ usage, measuredAt, busy, again }: UsageProps) {
  const t = useText();
  const format = useFormat();
  const [kind, setKind] = useState<DiskKind>('images');
  return (
    <>
      <EngineNotice />
      <div className="toolbar">
        <span className="text-strong">{format.bytes(usage.totalBytes)}</span>
        <span className="text-2">{t('disk.used')}</span>
        <span className="text-3 text-small">
          {t(busy ? 'disk.measuring' : 'disk.measured', { time: format.timeOfDay(measuredAt) })}
        </span>
        <span className="grow" />
        <Button icon="restart" disabled={busy} onClick={() => void again()}>
          {t('disk.again')}
        </Button>
        <Button
          variant="primary"
          icon="clear"
          disabled={usage.reclaimableBytes === 0}
          onClick={() => openOverlay({ kind: 'prune-system' })}
        >
          {t('disk.cleanUp')}
        </Button>
      </div>
      <div className="disk">
        <DiskBar usage={usage} />
        <DiskParts usage={usage} kind={kind} onKind={setKind} />
        <DiskItems usage={usage} kind={kind} />
      </div>
    </>
  );
}
