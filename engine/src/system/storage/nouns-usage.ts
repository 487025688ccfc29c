import type { HandlerContext } from '../../contract/index.ts';
import type { ContainerUsage, DiskUsage, VolumeUsage } from '../../types/index.ts';
import type { ContainerStorage, VolumeStorage } from './nouns.ts';
import { usagePart } from './usage-part.ts';

/** Writable layers and logs; those of containers that run are needed. */
export async function containersUsage(
  { handlers }: ContainerStorage,
  context: HandlerContext,
): Promise<DiskUsage['containers']> {
  const measured = new Map<string, ContainerUsage>();
  for await (const usage of handlers.usage({ containers: [] }, context)) measured.set(usage.id, usage);
  const containers = await handlers.list({ all: true }, context);
  const items = containers.map(({ id, name, image, state, createdAt }) => ({
    id,
    name,
    image: image.reference,
    running: !RESTING.includes(state.status),
    createdAt,
    writableBytes: measured.get(id)?.writableBytes ?? 0,
    logBytes: measured.get(id)?.logBytes ?? 0,
  }));
  return usagePart(
    items,
    ({ writableBytes, logBytes }) => writableBytes + logBytes,
    ({ running }) => running,
  );
}

/** States that a prune takes containers in. */
const RESTING: readonly string[] = ['created', 'exited'];

/** Those that a container has are needed; the trash goes by itself in time, and may go at once. */
export async function volumesUsage(
  { handlers }: VolumeStorage,
  context: HandlerContext,
): Promise<Pick<DiskUsage, 'volumes' | 'volumeTrash'>> {
  const measured = new Map<string, VolumeUsage>();
  for await (const usage of handlers.usage({ volumes: [] }, context)) measured.set(usage.volume, usage);
  const volumes = await handlers.list({}, context);
  const items = volumes.map(({ name, anonymous, usedBy }) => ({
    name,
    anonymous,
    sizeBytes: measured.get(name)?.sizeBytes ?? 0,
    usedBy: usedBy.map((user) => user.name),
  }));
  const trash = await handlers.trash({}, context);
  const trashed = trash.map(({ id, name, removedAt, sizeBytes }) => ({ id, name, removedAt, sizeBytes }));
  return {
    volumes: usagePart(
      items,
      ({ sizeBytes }) => sizeBytes,
      ({ usedBy }) => usedBy.length > 0,
    ),
    volumeTrash: usagePart(
      trashed,
      ({ sizeBytes }) => sizeBytes,
      () => false,
    ),
  };
}
