import type { ContainerFilters } from '../../contract/index.ts';
import { isEngineError } from '../../errors/index.ts';
import type { ExposedPort } from '../../types/index.ts';
import type { Container } from '../container.ts';
import type { InputOf } from '../handler-input.ts';
import { parseExposedPorts, portKey } from '../networking/ports.ts';
import type { Parts } from '../parts.ts';
import { matchesName } from '../../name-pattern.ts';
import { hasLabel } from '../../labels.ts';
import { dockerStatus } from './docker-status.ts';

/** An image that a filter names, as far as containers are compared with it. */
interface Ancestor {
  readonly id: string;
  readonly chainIds: readonly string[];
}

/** Newest first. Fails `not-found` when `before` or `since` is no container. */
export async function listContainers(
  parts: Parts,
  { all, last, filters = {} }: InputOf<'list'>,
): Promise<readonly Container[]> {
  const ancestors = await ancestorsOf(parts, filters.ancestor ?? []);
  const isWanted = await filterOf(parts, filters, ancestors);
  const showsStopped = all || last !== undefined || filters.status !== undefined;
  return parts.table
    .all()
    .filter((container) => showsStopped || container.running || container.awaitsRetry)
    .filter(isWanted)
    .sort(({ record: a }, { record: b }) =>
      a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0,
    )
    .slice(0, last);
}

async function filterOf(
  { table }: Parts,
  filters: ContainerFilters,
  ancestors: readonly Ancestor[],
): Promise<(container: Container) => boolean> {
  const before = filters.before === undefined ? null : table.find(filters.before).record.createdAt;
  const since = filters.since === undefined ? null : table.find(filters.since).record.createdAt;
  return (container) => {
    const { record, health, exit, status } = container;
    const { labels } = record.spec;
    return (
      anyOf(filters.id, (id) => record.id.startsWith(id)) &&
      anyOf(filters.name, (name) => matchesName(record.name, name)) &&
      (filters.label ?? []).every((label) => hasLabel(labels, label)) &&
      anyOf(filters.status, (wanted) => wanted === dockerStatus(container)) &&
      anyOf(filters.exited, (code) => status === 'exited' && exit?.code === code) &&
      anyOf(filters.health, (wanted) => wanted === (health?.status ?? 'none')) &&
      anyOf(filters.ancestor, () => ancestors.some((ancestor) => isMadeFrom(record, ancestor))) &&
      anyOf(filters.network, (wanted) => isOnNetwork(container, wanted)) &&
      anyOf(filters.volume, (wanted) => hasMount(container, wanted)) &&
      anyOf(filters.publish, (wanted) => hasPort(container.ports, wanted)) &&
      anyOf(filters.expose, (wanted) => hasPort(record.spec.exposedPorts, wanted)) &&
      (before === null || record.createdAt < before) &&
      (since === null || record.createdAt > since)
    );
  };
}

/** Those that share the host's network, or have none, are on the built-in networks of that name. */
function isOnNetwork({ record }: Container, wanted: string): boolean {
  const { network: mode, networks } = record.spec;
  if (mode !== 'bridge') return mode === wanted;
  return networks.some(({ network }) => network.name === wanted || network.id.startsWith(wanted));
}

/** Docker's: a volume's name, a folder of the machine, or where one is mounted. */
function hasMount({ record }: Container, wanted: string): boolean {
  return record.spec.mounts.some(
    (mount) => mount.target === wanted || (mount.type !== 'tmpfs' && mount.source === wanted),
  );
}

function hasPort(ports: readonly ExposedPort[], wanted: string): boolean {
  const keys = new Set(parseExposedPorts([wanted]).map(portKey));
  return ports.some((port) => keys.has(portKey(port)));
}

/** A filter that is not there lets everything through. */
function anyOf<T>(wanted: readonly T[] | undefined, matches: (value: T) => boolean): boolean {
  return wanted === undefined || wanted.some(matches);
}

/** From the image itself, or from one that is built on all of its layers. */
function isMadeFrom({ image, chainIds }: Container['record'], ancestor: Ancestor): boolean {
  const top = ancestor.chainIds.at(-1);
  return image.id === ancestor.id || (top !== undefined && chainIds.includes(top));
}

/** Names that no image has are nobody's ancestors. */
async function ancestorsOf({ images }: Parts, names: readonly string[]): Promise<readonly Ancestor[]> {
  const found = names.map(async (name) => {
    try {
      return [await images.resolve(name, () => undefined)];
    } catch (thrown) {
      if (isEngineError(thrown, 'not-found') || isEngineError(thrown, 'invalid-argument')) return [];
      throw thrown;
    }
  });
  return (await Promise.all(found)).flat();
}
