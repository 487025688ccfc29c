import { Link } from 'react-router';
import type { Volume } from '@longshore/engine/types';
import { labelVariables } from '../../lib/secrets.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Card, Fact, Facts } from '../../ui/card.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { VariablesCard } from '../details/variables-card.tsx';
import { useVolumeSizes } from '../volumes/queries.ts';
import { volumeKind } from '../volumes/volume-list.ts';

interface PartProps {
  readonly volume: Volume;
}

export function VolumeOverview({ volume }: PartProps) {
  const t = useText();
  return (
    <div className="overview">
      <div className="overview-main">
        <UsersCard volume={volume} />
      </div>
      <div className="overview-side">
        <AboutCard volume={volume} />
        <VariablesCard title={t('volumes.options')} variables={labelVariables(volume.options)} />
        <VariablesCard title={t('overview.labels')} variables={labelVariables(volume.labels)} />
      </div>
    </div>
  );
}

function UsersCard({ volume }: PartProps) {
  const t = useText();
  return (
    <Card title={t('column.usedBy')} count={volume.usedBy.length}>
      {volume.usedBy.length === 0 ? (
        <p className="text-3 text-small">{t('volumes.noUsers')}</p>
      ) : (
        <ul className="mounts">
          {volume.usedBy.map((user) => (
            <li key={user.id}>
              <span className="row">
                <StateShape shape={user.running ? 'running' : 'exited'} tone={user.running ? 'ok' : 'idle'} />
                <Link to={`/containers/${user.id}/overview`} className="text-medium">
                  {user.name}
                </Link>
                <span className="text-3 text-small">
                  {t(user.running ? 'state.running' : 'network.notRunning')}
                </span>
              </span>
              <span className="text-3 text-small">
                <span className="mono">{user.targets.join(', ')}</span>{' '}
                {t(user.readOnly ? 'mount.readOnly' : 'mount.readWrite')}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function AboutCard({ volume }: PartProps) {
  const t = useText();
  const format = useFormat();
  const usage = useVolumeSizes([volume.name]).data?.get(volume.name);
  return (
    <Card title={t('volumes.volume')}>
      <Facts>
        {volume.anonymous && (
          <Fact name={t('column.name')} mono>
            {volume.name}
          </Fact>
        )}
        <Fact name={t('volumes.where')}>{t(volumeKind(volume))}</Fact>
        <Fact name={t('volumes.mountpoint')} mono>
          {volume.mountpoint}
        </Fact>
        {usage !== undefined && (
          <>
            <Fact name={t('column.size')}>
              {t('bytes.exact', { bytes: format.exactBytes(usage.sizeBytes) })}
            </Fact>
            <Fact name={t('tab.files')}>{format.number(usage.files)}</Fact>
          </>
        )}
        <Fact name={t('overview.created')}>{format.dateTime(volume.createdAt)}</Fact>
      </Facts>
    </Card>
  );
}
