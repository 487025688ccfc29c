import type { ContainerSummary } from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';
import { hasProcesses, isLive, matchesFilter, type StateFilter } from './container-state.ts';

/** Since when a container is as it is: the order of the list, latest first. */
export function lastChange(container: ContainerSummary): string {
  const { state, createdAt } = container;
  if (hasProcesses(state)) return state.startedAt ?? createdAt;
  return state.exit?.at ?? state.failure?.at ?? createdAt;
}

/** Running first, then the latest change. */
export function defaultOrder(a: ContainerSummary, b: ContainerSummary): number {
  const live = Number(isLive(b.state)) - Number(isLive(a.state));
  return live !== 0 ? live : lastChange(b).localeCompare(lastChange(a));
}

/** Every word of the search must be in the name, id, image, command, an address or a label. */
export function matchesSearch(container: ContainerSummary, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const haystack = [
    container.name,
    container.id,
    container.image.reference,
    container.command.join(' '),
    ...container.networks.flatMap(({ name, ipv4, ipv6 }) => [name, ipv4?.address ?? '', ipv6?.address ?? '']),
    ...Object.entries(container.labels).map(([name, value]) => `${name}=${value}`),
  ]
    .join('\n')
    .toLowerCase();
  return words.every((word) => haystack.includes(word));
}

export interface ListView {
  readonly shown: readonly ContainerSummary[];
  readonly counts: Readonly<Record<StateFilter, number>>;
}

export function viewOf(
  containers: readonly ContainerSummary[],
  filter: StateFilter,
  search: string,
): ListView {
  return {
    shown: containers
      .filter((container) => matchesFilter(container.state, filter) && matchesSearch(container, search))
      .sort(defaultOrder),
    counts: {
      all: containers.length,
      running: count(containers, 'running'),
      paused: count(containers, 'paused'),
      stopped: count(containers, 'stopped'),
      trouble: count(containers, 'trouble'),
    },
  };
}

function count(containers: readonly ContainerSummary[], filter: StateFilter): number {
  return containers.filter((container) => matchesFilter(container.state, filter)).length;
}

/** How a person refers to it in a sentence: its name, or its id when it has none. */
export function displayName(container: ContainerSummary): string {
  return container.name === '' ? shortId(container.id) : container.name;
}
