import { useNavigate } from 'react-router';
import type { ContainerDetails, ContainerExit, StartFailure } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Card, Fact, Facts } from '../../ui/card.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Meter } from '../../ui/meter.tsx';
import { useContainerActions } from '../containers/actions.ts';
import { hasProcesses, isBusy, isLive, isWaiting, shownExit } from '../containers/container-state.ts';
import { openOverlay } from '../overlays/overlay-store.ts';
import { exitReason } from './exit-reason.ts';

interface PartProps {
  readonly container: ContainerDetails;
}

/** Why a container that should run does not, in words, with what the kernel measured and what to do. */
export function WhyCard({ container }: PartProps) {
  const { state } = container;
  const isLoop = state.crashLooping !== null && isLive(state);
  if (isLoop || isWaiting(state)) return <RestartingCard container={container} />;
  if (hasProcesses(state) || isBusy(state)) return null;
  if (state.failure !== null) return <FailureCard container={container} failure={state.failure} />;
  return state.exit === null ? null : <ExitCard container={container} exit={state.exit} />;
}

/** It ends, and its restart policy starts it again. */
function RestartingCard({ container }: PartProps) {
  const t = useText();
  const format = useFormat();
  const now = useNow(1000);
  const actions = useContainerActions();
  const { exit, failure, crashLooping, nextRetryAt, restartCount } = container.state;
  return (
    <Card
      title={t(crashLooping === null ? 'why.restartingTitle' : 'why.loopTitle')}
      end={
        <>
          <LogsButton container={container} />
          <Button small icon="stop" onClick={() => void actions.act('stop', [container])}>
            {t('why.stopTrying')}
          </Button>
        </>
      }
    >
      {crashLooping !== null && <p>{t('why.loop', { count: crashLooping.sinceExitCount })}</p>}
      {failure !== null ? <p>{failure.message}</p> : exit !== null && <ExitWords exit={exit} />}
      <Facts>
        <Fact name={t('overview.restarts')}>{format.number(restartCount)}</Fact>
        {nextRetryAt !== null && (
          <Fact name={t('overview.nextRetry')}>
            {t('overview.retryAt', {
              time: format.timeOfDay(Date.parse(nextRetryAt)),
              left: format.duration(Date.parse(nextRetryAt) - now),
            })}
          </Fact>
        )}
      </Facts>
    </Card>
  );
}

function FailureCard({ failure }: PartProps & { readonly failure: StartFailure }) {
  const t = useText();
  const { message, hint, detail } = failure;
  return (
    <Card title={t('why.startTitle')}>
      <ErrorNotice title={message} hint={hint} />
      {detail !== undefined && (
        <Facts>
          {detail.step !== undefined && <Fact name={t('why.step')}>{detail.step}</Fact>}
          {detail.path !== undefined && (
            <Fact name={t('why.path')} mono>
              {detail.path}
            </Fact>
          )}
          {detail.errno !== undefined && (
            <Fact name={t('why.errno')} mono>
              {detail.errno}
            </Fact>
          )}
          {detail.exitCode !== undefined && <Fact name={t('why.exitCode')}>{detail.exitCode}</Fact>}
        </Facts>
      )}
    </Card>
  );
}

function ExitCard({ container, exit }: PartProps & { readonly exit: ContainerExit }) {
  const t = useText();
  const format = useFormat();
  const { startedAt } = container.state;
  const ran = startedAt === null ? null : Date.parse(exit.at) - Date.parse(startedAt);
  return (
    <Card
      title={t('why.title')}
      end={
        <>
          {exit.oomKilled && (
            <Button
              small
              icon="sliders"
              onClick={() => openOverlay({ kind: 'update-container', id: container.id })}
            >
              {t('why.moreMemory')}
            </Button>
          )}
          <LogsButton container={container} />
        </>
      }
    >
      <ExitWords exit={exit} />
      <p className="text-3 text-small why-when">
        {ran !== null && ran >= 0
          ? t('why.ran', { at: format.dateTime(exit.at), duration: format.duration(ran) })
          : t('why.at', { at: format.dateTime(exit.at) })}
      </p>
      <MemoryPeak exit={exit} />
    </Card>
  );
}

function ExitWords({ exit }: { readonly exit: ContainerExit }) {
  const t = useText();
  const reason = exitReason(exit);
  return (
    <p className={shownExit(exit).tone === 'bad' ? undefined : 'text-2'}>{t(reason.id, reason.values)}</p>
  );
}

function LogsButton({ container }: PartProps) {
  const t = useText();
  const navigate = useNavigate();
  return (
    <Button small icon="logs" onClick={() => void navigate(`/containers/${container.id}/logs`)}>
      {t('why.openLogs')}
    </Button>
  );
}

function MemoryPeak({ exit }: { readonly exit: ContainerExit }) {
  const t = useText();
  const format = useFormat();
  if (exit.memoryPeakBytes === null || exit.memoryLimitBytes === null) return null;
  return (
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
  );
}
