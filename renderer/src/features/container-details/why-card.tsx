import type { ContainerDetails } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Meter } from '../../ui/meter.tsx';
import { useNavigate } from 'react-router';
import { isLive, shownExit } from '../containers/container-state.ts';
import { exitReason } from './exit-reason.ts';

/** Why a container that does not run does not, in words, with what the kernel measured. */
export function WhyCard({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const { state } = container;
  if (isLive(state)) return null;
  if (state.failure !== null) {
    const { message, hint, detail } = state.failure;
    return (
      <Card title={t('why.startTitle')}>
        <ErrorNotice
          title={message}
          hint={hint}
          details={detail === undefined ? undefined : JSON.stringify(detail, undefined, 2)}
        />
      </Card>
    );
  }
  return state.exit === null ? null : <ExitCard container={container} />;
}

function ExitCard({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const { exit, startedAt } = container.state;
  if (exit === null) return null;
  const reason = exitReason(exit);
  const ran = startedAt === null ? null : Date.parse(exit.at) - Date.parse(startedAt);
  return (
    <Card
      title={t('why.title')}
      end={
        <Button small icon="logs" onClick={() => void navigate(`/containers/${container.id}/logs`)}>
          {t('why.openLogs')}
        </Button>
      }
    >
      <p className={shownExit(exit).tone === 'bad' ? undefined : 'text-2'}>{t(reason.id, reason.values)}</p>
      <p className="text-3 text-small why-when">
        {ran !== null && ran >= 0
          ? t('why.ran', { at: format.dateTime(exit.at), duration: format.duration(ran) })
          : t('why.at', { at: format.dateTime(exit.at) })}
      </p>
      {exit.memoryPeakBytes !== null && exit.memoryLimitBytes !== null && (
        <div className="why-memory text-small">
          <div className="row">
            <span className="text-3">{t('why.memoryPeak')}</span>
            <span className="grow" />
            <span>
              {t('why.peakOfLimit', {
                peak: format.exactBytes(exit.memoryPeakBytes),
                limit: format.memory(exit.memoryLimitBytes),
              })}
            </span>
          </div>
          <Meter
            size="thick"
            tone={exit.oomKilled ? 'warn' : 'meter'}
            fraction={exit.memoryPeakBytes / exit.memoryLimitBytes}
            label={t('why.memoryPeak')}
          />
        </div>
      )}
    </Card>
  );
}
