import type { ContainerSummary, NetworkSummary } from '@longshore/engine/types';
import { type ShownPort, shownPorts } from '../ports/shown-ports.ts';

/** Points of the picture, before it is scrolled. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ContainerNode extends Box {
  readonly container: ContainerSummary;
}

export interface NetworkNode extends Box {
  readonly network: NetworkSummary;
}

export interface PortNode extends Box {
  readonly container: ContainerSummary;
  readonly port: ShownPort;
}

export interface Edge {
  readonly key: string;
  /** Ids of what it joins; a published port has its container's. */
  readonly container: string;
  readonly network: string | null;
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
}

export interface MapLayout {
  readonly ports: readonly PortNode[];
  readonly containers: readonly ContainerNode[];
  readonly networks: readonly NetworkNode[];
  readonly edges: readonly Edge[];
  readonly width: number;
  readonly height: number;
}

const EDGE = 16;
const TOP = 40;
const PORT = { width: 148, height: 24, gap: 4 };
const NODE = { width: 220, height: 48, gap: 12 };
const COLUMN_GAP = 80;

export const COLUMNS = {
  ports: EDGE,
  containers: EDGE + PORT.width + COLUMN_GAP,
  networks: EDGE + PORT.width + 2 * COLUMN_GAP + NODE.width,
} as const;

/** Three columns: ports of the machine, containers, networks; what belongs together lies side by side. */
export function layoutMap(
  containers: readonly ContainerSummary[],
  networks: readonly NetworkSummary[],
): MapLayout {
  // A person's own networks come first: what nobody put anywhere lies below.
  const own = new Set(networks.filter(({ builtIn }) => !builtIn).map(({ id }) => id));
  const ordered = [...containers].sort(byFirstNetwork(own));
  const placed = placeContainers(ordered);
  const shown = networks.filter(
    ({ id, builtIn }) => !builtIn || ordered.some((each) => each.networks.some((place) => place.id === id)),
  );
  const placedNetworks = placeNetworks(shown, placed.containers);
  const bottoms = [...placed.containers, ...placed.ports, ...placedNetworks].map(
    ({ y, height }) => y + height,
  );
  return {
    ...placed,
    networks: placedNetworks,
    edges: [
      ...portEdges(placed.ports, placed.containers),
      ...networkEdges(placed.containers, placedNetworks),
    ],
    width: COLUMNS.networks + NODE.width + EDGE,
    height: Math.max(TOP, ...bottoms) + EDGE,
  };
}

function byFirstNetwork(own: ReadonlySet<string>) {
  const isOwn = ({ networks }: ContainerSummary) => networks.some(({ id }) => own.has(id));
  const of = ({ networks }: ContainerSummary) => networks.map(({ name }) => name).join(' ');
  return (a: ContainerSummary, b: ContainerSummary): number =>
    Number(isOwn(b)) - Number(isOwn(a)) || of(a).localeCompare(of(b)) || a.name.localeCompare(b.name);
}

function placeContainers(containers: readonly ContainerSummary[]) {
  const nodes: ContainerNode[] = [];
  const ports: PortNode[] = [];
  let y = TOP;
  for (const container of containers) {
    const own = shownPorts(container.ports);
    const portsHeight = own.length * (PORT.height + PORT.gap) - (own.length > 0 ? PORT.gap : 0);
    const height = Math.max(NODE.height, portsHeight);
    const middle = y + height / 2;
    nodes.push({
      container,
      x: COLUMNS.containers,
      y: middle - NODE.height / 2,
      width: NODE.width,
      height: NODE.height,
    });
    own.forEach((port, index) => {
      const top = middle - portsHeight / 2 + index * (PORT.height + PORT.gap);
      ports.push({ container, port, x: COLUMNS.ports, y: top, width: PORT.width, height: PORT.height });
    });
    y += height + NODE.gap;
  }
  return { containers: nodes, ports };
}

/** Each beside the middle of its members, moved down where it would lie on another; those without members last. */
function placeNetworks(
  networks: readonly NetworkSummary[],
  containers: readonly ContainerNode[],
): readonly NetworkNode[] {
  const wanted = networks
    .map((network) => {
      const members = containers.filter(({ container }) =>
        container.networks.some(({ id }) => id === network.id),
      );
      const middle = members.reduce((sum, { y }) => sum + y, 0) / members.length;
      return { network, y: members.length === 0 ? Number.POSITIVE_INFINITY : middle };
    })
    .sort((a, b) => (a.y === b.y ? a.network.name.localeCompare(b.network.name) : a.y - b.y));
  let free = TOP;
  return wanted.map(({ network, y }) => {
    const top = Number.isFinite(y) ? Math.max(free, y) : free;
    free = top + NODE.height + NODE.gap;
    return { network, x: COLUMNS.networks, y: top, width: NODE.width, height: NODE.height };
  });
}

function portEdges(ports: readonly PortNode[], containers: readonly ContainerNode[]): readonly Edge[] {
  return ports.flatMap((port): Edge[] => {
    const node = containers.find(({ container }) => container.id === port.container.id);
    if (node === undefined) return [];
    return [
      {
        key: `${port.container.id} ${port.port.hostAddress} ${port.port.hostPorts} ${port.port.containerPorts}`,
        container: port.container.id,
        network: null,
        from: [port.x + port.width, port.y + port.height / 2],
        to: [node.x, node.y + node.height / 2],
      },
    ];
  });
}

function networkEdges(
  containers: readonly ContainerNode[],
  networks: readonly NetworkNode[],
): readonly Edge[] {
  return containers.flatMap((node) =>
    networks
      .filter(({ network }) => node.container.networks.some(({ id }) => id === network.id))
      .map((network): Edge => ({
        key: `${node.container.id} ${network.network.id}`,
        container: node.container.id,
        network: network.network.id,
        from: [node.x + node.width, node.y + node.height / 2],
        to: [network.x, network.y + network.height / 2],
      })),
  );
}

/** A line that leaves and arrives level. */
export function pathOf({ from: [x1, y1], to: [x2, y2] }: Edge): string {
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
