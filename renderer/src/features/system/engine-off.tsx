import { useText } from '../../messages/use-text.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import type { EngineTrouble } from './engine-trouble.ts';
import { RemedyButton } from './remedy-button.tsx';

/** In place of a page that has nothing to show without the engine: what is wrong, and what to do. */
export function EngineOff({ trouble }: { readonly trouble: EngineTrouble }) {
  const t = useText();
  switch (trouble.kind) {
    case 'no-engine':
      return (
        <EmptyState title={t('engine.lost')} text={t('engine.lostText')}>
          <div className="empty-actions">
            <RemedyButton trouble={trouble} />
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
            <RemedyButton trouble={trouble} />
          </div>
        </EmptyState>
      );
  }
}
