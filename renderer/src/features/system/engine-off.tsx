import { useConnection } from '../../bridge/index.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import type { EngineTrouble } from './engine-trouble.ts';
import { useStartAgent } from './queries.ts';

export function EngineOff({ trouble }: { readonly trouble: EngineTrouble }) {
  const t = useText();
  const connection = useConnection();
  const startAgent = useStartAgent();
  switch (trouble.kind) {
    case 'no-engine':
      return (
        <EmptyState title={t('engine.lost')} text={t('engine.lostText')}>
          <div className="empty-actions">
            <Button variant="primary" icon="restart" onClick={() => connection.retryNow()}>
              {t('engine.connect')}
            </Button>
          </div>
        </EmptyState>
      );
    case 'starting':
      return (
        <EmptyState title={t('engine.starting')} text={t('engine.startingStep', { step: trouble.step })} />
      );
    case 'no-agent':
      return (
        <EmptyState title={t('engine.noAgent')} text={t('engine.noAgentText')}>
          <div className="empty-actions">
            <ErrorNotice
              title={trouble.error.message}
              hint={trouble.error.hint}
              details={JSON.stringify(trouble.error, undefined, 2)}
            />
            <Button
              variant="primary"
              icon="play"
              disabled={startAgent.isPending}
              onClick={() => startAgent.mutate()}
            >
              {t(startAgent.isPending ? 'engine.startingAgent' : 'engine.startAgent')}
            </Button>
          </div>
        </EmptyState>
      );
  }
}
