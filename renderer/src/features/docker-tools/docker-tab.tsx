import type { ReactNode } from 'react';
import type { DockerAccess } from '@longshore/engine/types';
import { describeError } from '../../lib/describe-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { ContextCard } from './context-card.tsx';
import { useDockerAccess } from './queries.ts';
import { SocketCard } from './socket-card.tsx';
import './docker-tools.css';

/** The socket for docker's tools, and whether docker finds it by itself. */
export function DockerTab() {
  return (
    <WithDockerAccess>
      {(access) => (
        <div className="settings-cards docker-cards">
          <SocketCard access={access} />
          <ContextCard access={access} />
        </div>
      )}
    </WithDockerAccess>
  );
}

interface WithDockerAccessProps {
  readonly children: (access: DockerAccess) => ReactNode;
}

/** Or why it is not known. */
export function WithDockerAccess({ children }: WithDockerAccessProps) {
  const t = useText();
  const query = useDockerAccess();
  if (query.data !== undefined) return children(query.data);
  if (query.error === null) return <SkeletonRows label={t('docker.loading')} />;
  return (
    <EmptyState title={t('docker.failed')}>
      <div className="empty-actions">
        <ErrorNotice {...describeError(query.error)} />
        <Button icon="restart" onClick={() => void query.refetch()}>
          {t('list.retry')}
        </Button>
      </div>
    </EmptyState>
  );
}
