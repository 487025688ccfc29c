import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { isEngineError } from '@longshore/engine/errors';
import { describeError } from '../../lib/describe-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import type { ListName } from '../lists/list-grid.tsx';
import { EngineOff } from '../system/engine-off.tsx';
import { useEngineTrouble } from '../system/engine-trouble.ts';

interface DetailsStatusProps<T> {
  readonly query: UseQueryResult<T>;
  /** The list that it is one of. */
  readonly list: ListName;
  readonly children: (object: T) => ReactNode;
}

/** The details of one object, or the reason why there are none: gone, engine off, a failure, still waiting. */
export function DetailsStatus<T>({ query, list, children }: DetailsStatusProps<T>) {
  const t = useText();
  const trouble = useEngineTrouble();
  const gone = isEngineError(query.error, 'not-found');
  if (query.data !== undefined && !gone) return children(query.data);
  if (trouble !== undefined && !gone) return <EngineOff trouble={trouble} />;
  if (query.error !== null) return <Unavailable error={query.error} gone={gone} list={list} />;
  return <SkeletonRows label={t(`${list}.details.loading`)} />;
}

interface UnavailableProps {
  readonly error: unknown;
  readonly gone: boolean;
  readonly list: ListName;
}

function Unavailable({ error, gone, list }: UnavailableProps) {
  const t = useText();
  const navigate = useNavigate();
  return (
    <EmptyState title={t(gone ? `${list}.details.gone` : `${list}.details.failed`)}>
      <div className="empty-actions">
        {!gone && <ErrorNotice {...describeError(error)} />}
        <Button icon="back" onClick={() => void navigate(`/${list}`)}>
          {t(`${list}.details.back`)}
        </Button>
      </div>
    </EmptyState>
  );
}
