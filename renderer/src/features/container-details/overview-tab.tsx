import { Link } from 'react-router';
import type { ContainerDetails } from '@longshore/engine/types';
import { labelVariables, parseEnv } from '../../lib/secrets.ts';
import { shortId } from '../../lib/image-reference.ts';
import { joinWords } from '../../lib/shell-words.ts';
import { useFormat } from '../../lib/use-format.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import { Card, Fact, Facts } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon, StateShape } from '../../ui/icon.tsx';
import { shownState } from '../containers/container-state.ts';
import { VariablesCard } from '../details/variables-card.tsx';
import { imagePath } from '../images/image-list.ts';
import { isDemanded } from './demands.ts';
import { MountsCard } from './mounts-card.tsx';
import { NetworkCard } from './network-card.tsx';
import { HealthCard } from './health-card.tsx';
import { SettingCards } from './setting-cards.tsx';
import { WhyCard } from './why-card.tsx';

export function OverviewTab({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  return (
    <div className="overview">
      <div className="overview-main">
        <WhyCard container={container} />
        <Warnings container={container} />
        <StateCard container={container} />
        <HealthCard container={container} />
        <ProgramCard container={container} />
        <VariablesCard title={t('run.environment')} variables={container.spec.env.map(parseEnv)} />
      </div>
      <div className="overview-side">
        <NetworkCard container={container} />
        <MountsCard container={container} />
        <SettingCards id={container.id} spec={container.spec} />
        <VariablesCard title={t('overview.labels')} variables={labelVariables(container.labels)} />
      </div>
    </div>
  );
}

interface PartProps {
  readonly container: ContainerDetails;
}

function Warnings({ container }: PartProps) {
  const t = useText();
  const { warnings, spec } = container;
  if (warnings.length === 0) return null;
  return (
    <Card title={t('overview.warnings')} count={warnings.length}>
      <ul>
        {warnings.map((warning) => {
          const demanded = isDemanded(warning, spec);
          return (
            <li key={warning} className={demanded ? 'row' : 'row text-2'}>
              {demanded ? <StateShape shape="warning" tone="warn" /> : <Icon name="info" />}
              {warning}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function StateCard({ container }: PartProps) {
  const t = useText();
  const format = useFormat();
  const { state } = container;
  const shown = shownState(state);
  return (
    <Card title={t('overview.state')}>
      <Facts>
        <Fact name={t('column.state')}>{t(shown.word, shown.values)}</Fact>
        <Fact name={t('overview.created')}>{format.dateTime(container.createdAt)}</Fact>
        {state.startedAt !== null && (
          <Fact name={t('overview.started')}>{format.dateTime(state.startedAt)}</Fact>
        )}
        {state.exit !== null && <Fact name={t('overview.stopped')}>{format.dateTime(state.exit.at)}</Fact>}
        <Fact name={t('overview.restartPolicy')}>{restartText(container, t)}</Fact>
        {state.pid !== null && (
          <Fact name={t('overview.pid')} mono>
            {state.pid}
          </Fact>
        )}
        <Fact name={t('overview.image')}>
          <Link to={imagePath(container.image)}>{container.image.reference}</Link>{' '}
          <span className="mono text-3">{shortId(container.image.id)}</span>
        </Fact>
        <Fact name={t('overview.platform')}>{container.platform}</Fact>
      </Facts>
    </Card>
  );
}

function restartText({ spec, state }: ContainerDetails, t: Text): string {
  const { name, maximumRetries } = spec.restart;
  const policy = t(`restart.${name}`);
  const words = maximumRetries > 0 ? t('overview.atMost', { policy, count: maximumRetries }) : policy;
  return state.restartCount > 0
    ? t('overview.restarted', { policy: words, count: state.restartCount })
    : words;
}

/** Docker takes it with and without its prefix, and by number. */
function signalName(signal: string): string {
  return /^\d+$/.test(signal) || signal.startsWith('SIG') ? signal : `SIG${signal}`;
}

function ProgramCard({ container }: PartProps) {
  const t = useText();
  const { spec } = container;
  const command = joinWords(container.command);
  const yesNo = (value: boolean) => t(value ? 'ui.yes' : 'ui.no');
  return (
    <Card title={t('overview.program')} end={<CopyButton text={command} label={t('overview.copyCommand')} />}>
      <Facts>
        <Fact name={t('column.command')} mono>
          {command}
        </Fact>
        <Fact name={t('run.workingDir')} mono>
          {spec.workingDir === '' ? '/' : spec.workingDir}
        </Fact>
        <Fact name={t('run.user')} mono>
          {spec.user === '' ? 'root' : spec.user}
        </Fact>
        {spec.groups.length > 0 && (
          <Fact name={t('run.groups')} mono>
            {spec.groups.join(' ')}
          </Fact>
        )}
        <Fact name={t('overview.terminal')}>{yesNo(spec.tty)}</Fact>
        {spec.openStdin && <Fact name={t('overview.stdin')}>{t('overview.open')}</Fact>}
        <Fact name={t('overview.stopSignal')}>
          {spec.stopTimeoutSeconds < 0
            ? t('overview.stopNever', { signal: signalName(spec.stopSignal) })
            : t('overview.stopAfter', {
                signal: signalName(spec.stopSignal),
                seconds: spec.stopTimeoutSeconds,
              })}
        </Fact>
        {spec.init && <Fact name={t('overview.init')}>{t('ui.yes')}</Fact>}
      </Facts>
    </Card>
  );
}
