import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { describeError } from '../../lib/describe-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { EngineNotice } from '../system/engine-notice.tsx';
import { EngineOff } from '../system/engine-off.tsx';
import { useEngineTrouble } from '../system/engine-trouble.ts';

interface ListStatusProps<T> {
  readonly query: UseQueryResult<readonly T[]>;
  readonly label: string;
  readonly children: (items: readonly T[]) => ReactNode;
}

/**
 * A list, or the reason why there is none: engine off, still waiting, or a failure. What was once shown stays in
 * sight while the engine is away, beneath a notice of that.
 */
export function ListStatus<T>({ query, label, children }: ListStatusProps<T>) {
  const t = useText();
  const trouble = useEngineTrouble();
  if (query.data !== undefined && (query.data.length > 0 || trouble === undefined)) {
    return (
      <>
        <EngineNotice />
        {children(query.data)}
      </>
    );
  }
  if (trouble !== undefined) return <EngineOff trouble={trouble} />;
  if (query.error !== null) {
    return (
      <EmptyState title={t('list.failed')}>
        <div className="empty-actions">
          <ErrorNotice {...describeError(query.error)} />
          <Button icon="restart" onClick={() => void query.refetch()}>
            {t('list.retry')}
          </Button>
        </div>
      </EmptyState>
    );
  }
  return <Waiting label={label} />;
}

const WORTH_A_WORD_MS = 3000;

function Waiting({ label }: { readonly label: string }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(1000);
  const [since] = useState(() => Date.now());
  const waited = now - since;
  const note =
    waited < WORTH_A_WORD_MS ? undefined : t('list.stillWaiting', { time: format.duration(waited) });
  return <SkeletonRows label={label} {...(note !== undefined && { note })} />;
}
