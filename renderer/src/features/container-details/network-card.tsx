import { Link } from 'react-router';
import type {
  ContainerDetails,
  ContainerNetwork,
  NetworkMode,
  PortPublication,
} from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';
import { type MessageId, type Text, useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Card, Fact, Facts } from '../../ui/card.tsx';
import { useDisconnect } from '../network-details/use-disconnect.ts';
import { addressesOf, networkPath } from '../networks/network-list.ts';
import { openOverlay } from '../overlays/overlay-store.ts';
import { PortLinks } from '../ports/port-links.tsx';

interface PartProps {
  readonly container: ContainerDetails;
}

/** Where it is reached, on which networks, and how it finds others. */
export function NetworkCard({ container }: PartProps) {
  const t = useText();
  const { spec } = container;
  const connect = (
    <Button
      small
      variant="quiet"
      icon="plus"
      onClick={() => openOverlay({ kind: 'connect', container: container.name })}
    >
      {t('connect.open')}
    </Button>
  );
  return (
    <Card title={t('overview.network')} end={spec.network === 'bridge' ? connect : undefined}>
      <ul className="places">
        {container.networks.map((place) => (
          <Place key={place.id} container={container} place={place} />
        ))}
      </ul>
      <Facts>
        {spec.network !== 'bridge' && <Fact name={t('overview.mode')}>{networkText(spec.network, t)}</Fact>}
        <Fact name={t('column.ports')}>
          <PortLinks container={container} all />
        </Fact>
        {container.ports.length === 0 && spec.ports.length > 0 && (
          <Fact name={t('ports.whenRunning')} mono>
            {spec.ports.map(askedPort).join(' ')}
          </Fact>
        )}
        {spec.publishAllPorts && <Fact name={t('ports.all')}>{t('ui.yes')}</Fact>}
        <Fact name={t('overview.hostname')} mono>
          {spec.hostname}
        </Fact>
        {lookups(spec).map(([name, values]) => (
          <Fact key={name} name={t(name)} mono>
            {values.join(' ')}
          </Fact>
        ))}
      </Facts>
    </Card>
  );
}

function Place({ container, place }: PartProps & { readonly place: ContainerNetwork }) {
  const t = useText();
  const disconnect = useDisconnect();
  const gateways = [place.ipv4, place.ipv6].flatMap((address) => address?.gateway ?? []);
  const names = place.dnsNames.length > 0 ? place.dnsNames : place.aliases;
  return (
    <li className="place">
      <div className="row">
        <Link to={networkPath(place)} className="text-medium">
          {place.name}
        </Link>
        <span className="text-3 text-small">{place.interface}</span>
        <span className="grow" />
        <IconButton
          icon="close"
          small
          label={t('connect.disconnectFrom', { network: place.name })}
          onClick={() => disconnect({ id: place.id, name: place.name }, container)}
        />
      </div>
      <Facts>
        <Fact name={t('column.address')} mono>
          {addressesOf(place).join(' ') || '–'}
        </Fact>
        {gateways.length > 0 && (
          <Fact name={t('overview.gateway')} mono>
            {gateways.join(' ')}
          </Fact>
        )}
        {place.mac !== null && (
          <Fact name={t('overview.mac')} mono>
            {place.mac}
          </Fact>
        )}
        {names.length > 0 && (
          <Fact name={t('network.names')} mono>
            {names.join(' ')}
          </Fact>
        )}
      </Facts>
    </li>
  );
}

/** A network that is another container's is told by the beginning of that container's id. */
function networkText(mode: NetworkMode, t: Text): string {
  if (mode === 'bridge' || mode === 'none' || mode === 'host') return t(`network.${mode}`);
  return t('network.container', { id: shortId(mode.slice('container:'.length)) });
}

function lookups(spec: ContainerDetails['spec']): readonly (readonly [MessageId, readonly string[]])[] {
  const all: readonly (readonly [MessageId, readonly string[]])[] = [
    ['run.domainname', spec.domainname === '' ? [] : [spec.domainname]],
    ['run.dns', spec.dns],
    ['run.dnsSearch', spec.dnsSearch],
    ['run.dnsOptions', spec.dnsOptions],
    ['run.hosts', spec.extraHosts],
  ];
  return all.filter(([, values]) => values.length > 0);
}

/** As `-p` says it. */
function askedPort({ hostAddress, hostPorts, containerPort, protocol }: PortPublication): string {
  const outside =
    hostPorts === null
      ? ''
      : hostPorts.first === hostPorts.last
        ? String(hostPorts.first)
        : `${hostPorts.first}-${hostPorts.last}`;
  const host = hostAddress === null ? outside : `${hostAddress}:${outside}`;
  const inside = protocol === 'tcp' ? String(containerPort) : `${containerPort}/${protocol}`;
  return host === '' ? inside : `${host}:${inside}`;
}
