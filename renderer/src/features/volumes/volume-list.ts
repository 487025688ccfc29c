import type { TrashedVolume, Volume } from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';
import type { MessageId } from '../../messages/use-text.ts';

export const VOLUME_FILTERS = ['all', 'used', 'unused', 'anonymous'] as const;
export type VolumeFilter = (typeof VOLUME_FILTERS)[number];

export interface VolumesView {
  readonly shown: readonly Volume[];
  readonly counts: Readonly<Record<VolumeFilter, number>>;
}

export function volumesView(volumes: readonly Volume[], filter: VolumeFilter, search: string): VolumesView {
  const count = (which: VolumeFilter) => volumes.filter((volume) => matchesFilter(volume, which)).length;
  return {
    shown: volumes
      .filter((volume) => matchesFilter(volume, filter) && matchesSearch(volume, search))
      .sort(namedFirst),
    counts: {
      all: volumes.length,
      used: count('used'),
      unused: count('unused'),
      anonymous: count('anonymous'),
    },
  };
}

export function isUsed(volume: Volume): boolean {
  return volume.usedBy.length > 0;
}

export function isRunning(volume: Volume): boolean {
  return volume.usedBy.some(({ running }) => running);
}

/** Those that a prune takes away; named ones only when it is told to. */
export function isPrunable(volume: Volume, withNamed: boolean): boolean {
  return !isUsed(volume) && (withNamed || volume.anonymous);
}

/** Names of those that nobody named and nobody else has: they can go with these containers. */
export function goneWith(volumes: readonly Volume[], containers: ReadonlySet<string>): readonly string[] {
  return volumes
    .filter((volume) => volume.anonymous && isUsed(volume))
    .filter(({ usedBy }) => usedBy.every(({ id }) => containers.has(id)))
    .map(({ name }) => name);
}

function matchesFilter(volume: Volume, filter: VolumeFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'used':
      return isUsed(volume);
    case 'unused':
      return !isUsed(volume);
    case 'anonymous':
      return volume.anonymous;
  }
}

function matchesSearch(volume: Volume, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const haystack = [
    shownName(volume),
    ...volume.usedBy.map(({ name }) => name),
    ...Object.values(volume.options),
    ...Object.entries(volume.labels).map(([name, value]) => `${name}=${value}`),
  ]
    .join('\n')
    .toLowerCase();
  return words.every((word) => haystack.includes(word));
}

/** By name; those whose name nobody chose at the end. */
function namedFirst(a: Volume, b: Volume): number {
  return Number(a.anonymous) - Number(b.anonymous) || a.name.localeCompare(b.name);
}

/** The name of one that nobody named is 64 digits, of which the first are enough. */
export function shownName({ name, anonymous }: Pick<Volume | TrashedVolume, 'name' | 'anonymous'>): string {
  return anonymous ? shortId(name) : name;
}

export function volumePath(name: string, tab = 'files'): string {
  return `/volumes/${encodeURIComponent(name)}/${tab}`;
}

/** Where its data is, by the driver's options: in a folder of the engine's own, or elsewhere. */
export function volumeKind({ options }: Pick<Volume, 'options'>): MessageId {
  const { type = '', o = '' } = options;
  if (type === '' && options['device'] === undefined) return 'volumes.kind.own';
  if (type === 'tmpfs') return 'volumes.kind.tmpfs';
  if (type.startsWith('nfs')) return 'volumes.kind.nfs';
  return /(^|,)r?bind(,|$)/.test(o) ? 'volumes.kind.bind' : 'volumes.kind.other';
}
