import type { EngineHandlers } from '@longshore/engine/contract';
import type { DiskUsage, DiskUsagePart, PrunableItem } from '@longshore/engine/types';
import { ago, fakeId, HOUR, MB, MIB } from './fake-parts.ts';
import type { FakeWorld } from './fake-world.ts';

type StorageHandlers = Pick<EngineHandlers['system'], 'diskUsage' | 'prunable' | 'prune'>;

const WRITABLE = 24 * MIB;
const LOG = 3 * MIB;
const VOLUME = 120 * MIB;

/** What the fake world would take of a disk, each thing as much as the next of its kind. */
export function fakeStorage(world: FakeWorld): StorageHandlers {
  return {
    diskUsage: () => Promise.resolve(usageOf(world)),
    prunable: ({ all, volumes }) => {
      const items = prunable(world, all, volumes);
      return Promise.resolve({ ...items, freedBytes: bytesOf(Object.values(items).flat()) });
    },
    prune: ({ all, volumes }) => {
      const items = prunable(world, all, volumes);
      for (const { id } of items.containers) world.containers.delete(id);
      for (const { id } of items.networks) world.networks.delete(id);
      for (const { id } of items.volumes) world.volumes.delete(id);
      for (const { id } of items.images) world.images.delete(id);
      world.publish({ type: 'image', action: 'prune', id: '', reference: '' });
      return Promise.resolve({
        containers: items.containers.map(({ id }) => id),
        networks: items.networks.map(({ name }) => name),
        volumes: items.volumes.map(({ name }) => name),
        images: {
          untagged: items.images.map(({ name }) => name),
          deleted: items.images.map(({ id }) => id),
        },
        buildCache: [],
        freedBytes: bytesOf(Object.values(items).flat()),
      });
    },
  };
}

function usageOf(world: FakeWorld): DiskUsage {
  const parts = {
    images: imagesOf(world),
    containers: containersOf(world),
    volumes: volumesOf(world),
    volumeTrash: partOf(
      [...world.trash.values()].map(({ entry: { id, name, removedAt, sizeBytes } }) => ({
        id,
        name,
        removedAt,
        sizeBytes,
      })),
      () => false,
    ),
    buildCache: partOf(
      [
        {
          id: fakeId('build step').slice(0, 25),
          description: 'RUN npm ci',
          sizeBytes: 310 * MB,
          inUse: false,
          shared: false,
          createdAt: ago(30 * HOUR),
          lastUsedAt: ago(2 * HOUR),
        },
      ],
      ({ inUse }) => inUse,
    ),
    partialDownloads: partOf(
      [{ digest: `sha256:${fakeId('half a layer')}`, sizeBytes: 41 * MB, kept: true }],
      ({ kept }) => kept,
    ),
  };
  const otherBytes = 2 * MIB;
  const all = Object.values(parts);
  return {
    ...parts,
    otherBytes,
    totalBytes: all.reduce((total, part) => total + part.totalBytes, otherBytes),
    reclaimableBytes: all.reduce((total, part) => total + part.reclaimableBytes, 0),
  };
}

function imagesOf(world: FakeWorld): DiskUsage['images'] {
  const items = [...world.images.values()].map((image) => ({
    id: image.id,
    references: image.references,
    createdAt: image.createdAt,
    sizeBytes: image.sizeBytes,
    uniqueBytes: image.uniqueBytes,
    sharedBytes: image.sizeBytes - image.uniqueBytes,
    usedBy: image.usedBy,
  }));
  return partOf(items, ({ usedBy }) => usedBy.length > 0);
}

function containersOf(world: FakeWorld): DiskUsage['containers'] {
  const items = [...world.containers.values()].map(({ id, name, image, state, createdAt }) => ({
    id,
    name,
    image: image.reference,
    running: state.status !== 'exited' && state.status !== 'created',
    createdAt,
    writableBytes: WRITABLE,
    logBytes: LOG,
    sizeBytes: WRITABLE + LOG,
  }));
  return partOf(items, ({ running }) => running);
}

function volumesOf(world: FakeWorld): DiskUsage['volumes'] {
  const items = [...world.volumes.values()].map(({ name, anonymous, usedBy }) => ({
    name,
    anonymous,
    sizeBytes: VOLUME,
    usedBy: usedBy.map((user) => user.name),
  }));
  return partOf(items, ({ usedBy }) => usedBy.length > 0);
}

function partOf<T extends { readonly sizeBytes: number }>(
  items: readonly T[],
  isActive: (item: T) => boolean,
): DiskUsagePart<T> {
  const size = (some: readonly T[]) => some.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  const active = items.filter(isActive);
  return {
    totalBytes: size(items),
    reclaimableBytes: size(items) - size(active),
    activeCount: active.length,
    items: [...items].sort((a, b) => b.sizeBytes - a.sizeBytes),
  };
}

function prunable(world: FakeWorld, all: boolean, withVolumes: boolean) {
  const usage = usageOf(world);
  const item = (id: string, name: string, bytes: number): PrunableItem => ({ id, name, bytes });
  return {
    containers: usage.containers.items
      .filter(({ running }) => !running)
      .map(({ id, name, writableBytes, logBytes }) => item(id, name, writableBytes + logBytes)),
    networks: [...world.networks.values()]
      .filter(({ builtIn, usedBy }) => !builtIn && usedBy.length === 0)
      .map(({ id, name }) => item(id, name, 0)),
    volumes: usage.volumes.items
      .filter(({ anonymous, usedBy }) => withVolumes && anonymous && usedBy.length === 0)
      .map(({ name, sizeBytes }) => item(name, name, sizeBytes)),
    images: usage.images.items
      .filter(({ references, usedBy }) => usedBy.length === 0 && (all || references.length === 0))
      .map(({ id, references, uniqueBytes }) => item(id, references.join(', ') || id, uniqueBytes)),
    buildCache: [] as readonly PrunableItem[],
  };
}

function bytesOf(items: readonly PrunableItem[]): number {
  return items.reduce((total, { bytes }) => total + bytes, 0);
}
