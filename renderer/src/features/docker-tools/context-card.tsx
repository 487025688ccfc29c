import type { DockerAccess } from '@longshore/engine/types';
import { describeError } from '../../lib/describe-error.ts';
import { type MessageId, useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Card, Fact, Facts } from '../../ui/card.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Hint } from '../../ui/field.tsx';
import { useContextChange } from './queries.ts';

/** A name under which docker's command line finds this engine, and whether it takes it unasked. */
export function ContextCard({ access }: { readonly access: DockerAccess }) {
  const t = useText();
  const { busy, error, change } = useContextChange();
  const { context, currentContext, configDir, override } = access;
  const { name, host } = context;
  const isCurrent = currentContext === name;
  return (
    <Card
      title={t('docker.context')}
      end={
        host === null ? (
          <Button
            small
            icon="plus"
            disabled={busy}
            onClick={() => void change((d) => d.installContext({ name }))}
          >
            {t('docker.install')}
          </Button>
        ) : (
          <Button
            small
            icon="trash"
            disabled={busy}
            onClick={() => void change((d) => d.removeContext({ name }))}
          >
            {t('docker.remove')}
          </Button>
        )
      }
    >
      <div className="settings-form">
        <p className="text-2 text-small">{t('docker.contextText', { name })}</p>
        <Facts>
          <Fact name={t('docker.leads')}>{t(leadsWhere(context), { name, host: host ?? '' })}</Fact>
          <Fact name={t('docker.current')} mono>
            {currentContext}
          </Fact>
          <Fact name={t('docker.config')} mono>
            {configDir}
          </Fact>
        </Facts>
        {host !== null && !context.leadsHere && (
          <div className="row">
            <Hint tone="warn">{t('docker.elsewhere')}</Hint>
            <Button small disabled={busy} onClick={() => void change((d) => d.installContext({ name }))}>
              {t('docker.leadHere')}
            </Button>
          </div>
        )}
        <Checkbox
          labelled
          label={t('docker.use')}
          checked={isCurrent}
          onChange={(use) => {
            if (!busy) void change((d) => d.useContext({ name, use }));
          }}
        />
        <Hint>{t(isCurrent ? 'docker.useHint' : 'docker.notUsedHint', { name })}</Hint>
        {override !== null && <Hint tone="warn">{t('docker.override', { ...override })}</Hint>}
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
      </div>
    </Card>
  );
}

function leadsWhere({ host, leadsHere }: DockerAccess['context']): MessageId {
  if (host === null) return 'docker.noContext';
  return leadsHere ? 'docker.leadsHere' : 'docker.leadsElsewhere';
}
