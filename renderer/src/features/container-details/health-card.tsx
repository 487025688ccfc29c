import type { ContainerDetails, HealthProbe } from '@longshore/engine/types';
import { joinWords } from '../../lib/shell-words.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../messages/use-text.ts';
import { Card, Fact, Facts } from '../../ui/card.tsx';
import { StateShape } from '../../ui/icon.tsx';

/** How its work is checked, and what the last checks said. */
export function HealthCard({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const format = useFormat();
  const { healthcheck } = container.spec;
  const { health } = container.state;
  if (healthcheck === null) return null;
  const { command, intervalMs, timeoutMs, retries, startPeriodMs } = healthcheck;
  return (
    <Card
      title={t('run.health')}
      end={health !== null && <span className="text-3 text-small">{t(`health.${health.status}`)}</span>}
    >
      <Facts>
        <Fact name={t('run.healthCommand')} mono>
          {commandText(command)}
        </Fact>
        <Fact name={t('health.schedule')}>
          {t('health.every', {
            interval: format.span(intervalMs),
            timeout: format.span(timeoutMs),
            retries,
          })}
        </Fact>
        {startPeriodMs > 0 && <Fact name={t('run.healthStartPeriod')}>{format.span(startPeriodMs)}</Fact>}
        {health !== null && health.failingStreak > 0 && (
          <Fact name={t('health.failing')}>{t('health.streak', { count: health.failingStreak })}</Fact>
        )}
      </Facts>
      {health !== null && health.probes.length > 0 && (
        <ol className="probes">
          {health.probes.toReversed().map((probe) => (
            <Probe key={probe.startedAt} probe={probe} />
          ))}
        </ol>
      )}
    </Card>
  );
}

/** A line for the shell is shown as that line. */
function commandText(command: readonly string[]): string {
  const [shell, flag, line] = command;
  if (command.length === 3 && shell === '/bin/sh' && flag === '-c' && line !== undefined) return line;
  return joinWords(command);
}

function Probe({ probe }: { readonly probe: HealthProbe }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(1000);
  const { exitCode, startedAt, endedAt, output } = probe;
  const passed = exitCode === 0;
  return (
    <li className="probe">
      <div className="row text-small">
        <StateShape shape={passed ? 'done' : 'failed'} tone={passed ? 'ok' : 'bad'} />
        <span className={passed ? undefined : 'text-bad'}>
          {passed
            ? t('health.passed')
            : exitCode < 0
              ? t('health.notEnded')
              : t('health.failedCode', { code: exitCode })}
        </span>
        <span className="text-3">{format.span(Date.parse(endedAt) - Date.parse(startedAt))}</span>
        <span className="grow" />
        <span className="text-3" title={format.dateTime(endedAt)}>
          {format.ago(endedAt, now)}
        </span>
      </div>
      {output.trim() !== '' && <pre className="probe-output mono">{output.trim()}</pre>}
    </li>
  );
}
