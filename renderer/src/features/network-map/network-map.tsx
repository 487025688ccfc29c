import { Link } from 'react-router';
import type { ContainerSummary } from '@longshore/engine/types';
import { openExternal } from '../../lib/open-external.ts';
import { useText } from '../../messages/use-text.ts';
import { Icon, StateShape } from '../../ui/icon.tsx';
import { shownState } from '../containers/container-state.ts';
import { addressesOf, networkPath } from '../networks/network-list.ts';
import {
  type Box,
  COLUMNS,
  type ContainerNode,
  type Edge,
  type MapLayout,
  type NetworkNode,
  pathOf,
  type PortNode,
} from './map-layout.ts';

export type Role = 'from' | 'to';

interface NetworkMapProps {
  readonly layout: MapLayout;
  /** By name. */
  readonly roles: Readonly<Record<string, Role>>;
  /** How the way between the two looks once it was tried. */
  readonly tone: 'ok' | 'bad' | undefined;
  readonly onChoose: (container: ContainerSummary) => void;
}

/** Ports of the machine, containers and networks, and which belongs to which. */
export function NetworkMap({ layout, roles, tone, onChoose }: NetworkMapProps) {
  const t = useText();
  const { width, height, ports, containers, networks, edges } = layout;
  const chosen = containers.filter(({ container }) => roles[container.name] !== undefined);
  const way = wayBetween(chosen.map(({ container }) => container));
  const edgeClass = ({ container, network }: Edge) => {
    const isChosen = chosen.some((node) => node.container.id === container);
    if (!isChosen) return 'map-edge';
    if (network === null || !way.has(network)) return 'map-edge map-edge-near';
    return `map-edge map-edge-way${tone === undefined ? '' : ` map-edge-${tone}`}`;
  };
  return (
    <div className="map-scroll" tabIndex={0} role="region" aria-label={t('map.picture')}>
      <div className="map-canvas" style={{ width, height }}>
        <svg className="map-lines" width={width} height={height} aria-hidden="true">
          {edges.map((edge) => (
            <path key={edge.key} className={edgeClass(edge)} d={pathOf(edge)} />
          ))}
        </svg>
        <ColumnTitle x={COLUMNS.ports} text={t('map.ports')} />
        <ColumnTitle x={COLUMNS.containers} text={t('containers.title')} />
        <ColumnTitle x={COLUMNS.networks} text={t('networks.title')} />
        {ports.map((node) => (
          <PortBox
            key={`${node.container.id} ${node.port.hostAddress} ${node.port.hostPorts} ${node.port.containerPorts}`}
            node={node}
          />
        ))}
        {containers.map((node) => (
          <ContainerBox
            key={node.container.id}
            node={node}
            role={roles[node.container.name]}
            onChoose={() => onChoose(node.container)}
          />
        ))}
        {networks.map((node) => (
          <NetworkBox key={node.network.id} node={node} />
        ))}
      </div>
    </div>
  );
}

/** The networks that both of two are on. */
function wayBetween(containers: readonly ContainerSummary[]): ReadonlySet<string> {
  const [a, b] = containers;
  if (a === undefined || b === undefined) return new Set();
  const ofB = new Set(b.networks.map(({ id }) => id));
  return new Set(a.networks.map(({ id }) => id).filter((id) => ofB.has(id)));
}

function at({ x, y, width, height }: Box) {
  return { transform: `translate(${x}px, ${y}px)`, width, height };
}

function ColumnTitle({ x, text }: { readonly x: number; readonly text: string }) {
  return (
    <span className="map-title text-3 text-small" style={{ transform: `translate(${x}px, 8px)` }}>
      {text}
    </span>
  );
}

function PortBox({ node }: { readonly node: PortNode }) {
  const t = useText();
  const { hostAddress, hostPorts, containerPorts, url } = node.port;
  const words = (
    <>
      <span className="ellipsis">{hostAddress === '127.0.0.1' ? `127.0.0.1:${hostPorts}` : hostPorts}</span>
      <span className="text-3">→{containerPorts}</span>
    </>
  );
  if (url === null) {
    return (
      <span className="map-node map-port mono" style={at(node)}>
        {words}
      </span>
    );
  }
  return (
    <a
      className="map-node map-port mono"
      style={at(node)}
      href={url}
      title={t('ports.open', { url })}
      onClick={(event) => {
        event.preventDefault();
        openExternal(url);
      }}
    >
      {words}
    </a>
  );
}

interface ContainerBoxProps {
  readonly node: ContainerNode;
  readonly role: Role | undefined;
  readonly onChoose: () => void;
}

function ContainerBox({ node, role, onChoose }: ContainerBoxProps) {
  const t = useText();
  const { name, state, networks } = node.container;
  const shown = shownState(state);
  const addresses = networks.flatMap(addressesOf);
  return (
    <button
      type="button"
      className={role === undefined ? 'map-node' : 'map-node map-chosen'}
      style={at(node)}
      aria-pressed={role !== undefined}
      title={[name, t(shown.word, shown.values), ...addresses].join('\n')}
      onClick={onChoose}
    >
      <span className="row">
        <StateShape shape={shown.shape} tone={shown.tone} />
        <span className="text-medium ellipsis">{name}</span>
        <span className="grow" />
        {role !== undefined && <span className="map-role">{t(`reach.${role}`)}</span>}
      </span>
      <span className="text-3 text-caption mono ellipsis">
        {addresses.length === 0 ? t(shown.word, shown.values) : addresses.join(' ')}
      </span>
    </button>
  );
}

function NetworkBox({ node }: { readonly node: NetworkNode }) {
  const t = useText();
  const { network } = node;
  const subnets = network.subnets.map(({ subnet }) => subnet).join(' ');
  return (
    <Link className="map-node map-network" style={at(node)} to={networkPath(network)} title={subnets}>
      <span className="row">
        <Icon name="network" />
        <span className="text-medium ellipsis">{network.name}</span>
        <span className="grow" />
        {network.internal && <span className="tag">{t('networks.internal')}</span>}
      </span>
      <span className="text-3 text-caption mono ellipsis">{subnets === '' ? network.driver : subnets}</span>
    </Link>
  );
}
