import { Link } from 'react-router';
import type { NetworkDetails, NetworkSubnet } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { labelVariables } from '../../lib/secrets.ts';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Card, Fact, Facts } from '../../ui/card.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { useContainers } from '../containers/queries.ts';
import { VariablesCard } from '../details/variables-card.tsx';
import { ReachCard } from '../network-map/reach-card.tsx';
import { addressesOf, driverName } from '../networks/network-list.ts';
import { takesMembers } from '../networks/network-menu.ts';
import { openOverlay } from '../overlays/overlay-store.ts';
import { PortLinks } from '../ports/port-links.tsx';
import { useDisconnect } from './use-disconnect.ts';

interface PartProps {
  readonly network: NetworkDetails;
}

export function NetworkOverview({ network }: PartProps) {
  const t = useText();
  const running = network.members.filter((member) => member.running).map((member) => member.containerName);
  return (
    <div className="overview">
      <div className="overview-main">
        <MembersCard network={network} />
        {running.length > 0 && <ReachCard names={running} />}
      </div>
      <div className="overview-side">
        <SettingsCard network={network} />
        {network.subnets.map((subnet) => (
          <SubnetCard key={subnet.subnet} subnet={subnet} />
        ))}
        <VariablesCard title={t('networks.options')} variables={labelVariables(network.options)} />
        <VariablesCard title={t('overview.labels')} variables={labelVariables(network.labels)} />
      </div>
    </div>
  );
}

function MembersCard({ network }: PartProps) {
  const t = useText();
  const connect = (
    <Button
      small
      variant="quiet"
      icon="plus"
      onClick={() => openOverlay({ kind: 'connect', network: network.name })}
    >
      {t('connect.openContainer')}
    </Button>
  );
  return (
    <Card title={t('network.members')} count={network.members.length} end={takesMembers(network) && connect}>
      {network.members.length === 0 ? (
        <p className="text-3 text-small">{t('network.noMembers')}</p>
      ) : (
        <div className="members-scroll">
          <table className="members">
            <thead>
              <tr>
                <th scope="col">{t('column.container')}</th>
                <th scope="col">{t('column.address')}</th>
                <th scope="col">{t('network.aliases')}</th>
                <th scope="col">{t('column.ports')}</th>
                <th scope="col">
                  <span className="visually-hidden">{t('action.more')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {network.members.map((member) => (
                <MemberRow key={member.containerId} network={network} member={member} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

interface MemberRowProps extends PartProps {
  readonly member: NetworkDetails['members'][number];
}

function MemberRow({ network, member }: MemberRowProps) {
  const t = useText();
  const disconnect = useDisconnect();
  const container = useContainers().data?.find(({ id }) => id === member.containerId);
  const addresses = addressesOf(member);
  return (
    <tr>
      <td>
        <span className="row">
          <StateShape shape={member.running ? 'running' : 'exited'} tone={member.running ? 'ok' : 'idle'} />
          <Link className="ellipsis" to={`/containers/${member.containerId}/overview`}>
            {member.containerName}
          </Link>
          <span className="visually-hidden">
            {t(member.running ? 'state.running' : 'state.exitedUnknown')}
          </span>
        </span>
      </td>
      <td className="mono" title={member.mac ?? undefined}>
        {addresses.length === 0 ? (
          <span className="text-3">{t('network.notRunning')}</span>
        ) : (
          addresses.map((address) => <div key={address}>{address}</div>)
        )}
      </td>
      <td className="mono text-2">{member.aliases.length === 0 ? '–' : member.aliases.join(', ')}</td>
      <td>{container === undefined ? '–' : <PortLinks container={container} />}</td>
      <td>
        <IconButton
          icon="close"
          small
          label={t('connect.disconnectMember', { container: member.containerName })}
          onClick={() => disconnect(network, { id: member.containerId, name: member.containerName })}
        />
      </td>
    </tr>
  );
}

function SettingsCard({ network }: PartProps) {
  const t = useText();
  const format = useFormat();
  const yesNo = (value: boolean) => t(value ? 'ui.yes' : 'ui.no');
  return (
    <Card title={t('network.settings')}>
      <Facts>
        <Fact name={t('column.driver')}>{driverName(network.driver)}</Fact>
        <Fact name={t('network.internal')}>{yesNo(network.internal)}</Fact>
        <Fact name={t('networks.v4')}>{yesNo(network.ipv4)}</Fact>
        <Fact name={t('networks.v6')}>{yesNo(network.ipv6)}</Fact>
        {network.link !== null && (
          <Fact name={t('network.link')} mono>
            {network.link}
          </Fact>
        )}
        {network.createdAt !== null && (
          <Fact name={t('overview.created')}>{format.dateTime(network.createdAt)}</Fact>
        )}
      </Facts>
    </Card>
  );
}

function SubnetCard({ subnet }: { readonly subnet: NetworkSubnet }) {
  const t = useText();
  return (
    <Card title={t(subnet.subnet.includes(':') ? 'network.subnet6' : 'network.subnet4')}>
      <Facts>
        <Fact name={t('column.subnet')} mono>
          {subnet.subnet}
        </Fact>
        <Fact name={t('overview.gateway')} mono>
          {subnet.gateway ?? '–'}
        </Fact>
        {subnet.range !== null && (
          <Fact name={t('networks.range')} mono>
            {subnet.range}
          </Fact>
        )}
        {Object.entries(subnet.reserved).map(([name, address]) => (
          <Fact key={name} name={name} mono>
            {address}
          </Fact>
        ))}
      </Facts>
    </Card>
  );
}
