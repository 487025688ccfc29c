import { Fragment } from 'react';
import { Link } from 'react-router';
import type { ContainerDetails, NetworkMode } from '@longshore/engine/types';
import { labelVariables, parseEnv } from '../../lib/secrets.ts';
import { shortId } from '../../lib/image-reference.ts';
import { joinWords } from '../../lib/shell-words.ts';
import { useFormat } from '../../lib/use-format.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import { Card, Fact, Facts } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { shownState } from '../containers/container-state.ts';
import { VariablesCard } from '../details/variables-card.tsx';
import { imagePath } from '../images/image-list.ts';
import { LimitsCard } from './limits-card.tsx';
import { WhyCard } from './why-card.tsx';

export function OverviewTab({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  return (
    <div className="overview">
      <div className="overview-main">
        <WhyCard container={container} />
        <Warnings warnings={container.warnings} />
        <StateCard container={container} />
        <ProgramCard container={container} />
        <VariablesCard title={t('run.environment')} variables={container.spec.env.map(parseEnv)} />
      </div>
      <div className="overview-side">
        <NetworkCard container={container} />
        <MountsCard container={container} />
        <LimitsCard spec={container.spec} />
        <VariablesCard title={t('overview.labels')} variables={labelVariables(container.labels)} />
      </div>
    </div>
  );
}

function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  const t = useText();
  if (warnings.length === 0) return null;
  return (
    <Card title={t('overview.warnings')} count={warnings.length}>
      <ul>
        {warnings.map((warning) => (
          <li key={warning} className="row">
            <StateShape shape="warning" tone="warn" />
            {warning}
          </li>
        ))}
      </ul>
    </Card>
  );
}

interface PartProps {
  readonly container: ContainerDetails;
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
        <Fact name={t('overview.terminal')}>{yesNo(spec.tty)}</Fact>
        <Fact name={t('overview.stopSignal')}>
          {t('overview.stopAfter', { signal: spec.stopSignal, seconds: spec.stopTimeoutSeconds })}
        </Fact>
        <Fact name={t('overview.init')}>{yesNo(spec.init)}</Fact>
        <Fact name={t('overview.autoRemove')}>{yesNo(spec.autoRemove)}</Fact>
        <Fact name={t('overview.readOnly')}>{yesNo(spec.readOnlyRootfs)}</Fact>
      </Facts>
    </Card>
  );
}

/** A network that is another container's is told by the beginning of that container's id. */
function networkText(mode: NetworkMode, t: Text): string {
  if (mode === 'bridge' || mode === 'none' || mode === 'host') return t(`network.${mode}`);
  return t('network.container', { id: shortId(mode.slice('container:'.length)) });
}

function NetworkCard({ container }: PartProps) {
  const t = useText();
  return (
    <Card title={t('overview.network')}>
      <Facts>
        <Fact name={t('overview.mode')}>{networkText(container.spec.network, t)}</Fact>
        <Fact name={t('overview.hostname')} mono>
          {container.spec.hostname}
        </Fact>
        {container.addresses.map((address) => (
          <Fragment key={`${address.network} ${address.interface}`}>
            <Fact name={address.interface} mono>
              {address.address}
            </Fact>
            <Fact name={t('overview.gateway')} mono>
              {address.gateway}
            </Fact>
            <Fact name={t('overview.mac')} mono>
              {address.mac}
            </Fact>
          </Fragment>
        ))}
      </Facts>
    </Card>
  );
}

function MountsCard({ container }: PartProps) {
  const t = useText();
  const format = useFormat();
  const { mounts } = container.spec;
  return (
    <Card title={t('overview.mounts')} count={mounts.length}>
      {mounts.length === 0 ? (
        <p className="text-3 text-small">{t('overview.noMounts')}</p>
      ) : (
        <ul className="mounts">
          {mounts.map((mount) => (
            <li key={mount.target}>
              <span className="mono">{mount.target}</span>
              <span className="text-3 text-small">
                {mount.type === 'tmpfs' ? (
                  <>
                    {t('mount.tmpfs')} {mount.sizeBytes !== null && format.memory(mount.sizeBytes)}
                  </>
                ) : (
                  <>
                    <span className="mono">{mount.source}</span>{' '}
                    {t(mount.readOnly ? 'mount.readOnly' : 'mount.readWrite')}
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
