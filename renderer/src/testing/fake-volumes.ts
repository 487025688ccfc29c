import type { EngineHandlers } from '@longshore/engine/contract';
import { EngineError } from '@longshore/engine/errors';
import type { TrashedVolume, Volume, VolumeAction, VolumeUser } from '@longshore/engine/types';
import { fakeFileOperations } from './fake-file-operations.ts';
import { FakeFiles } from './fake-files.ts';
import { DAY, fakeId } from './fake-parts.ts';
import { fakeVolume } from './fake-volume-parts.ts';
import type { FakeWorld } from './fake-world.ts';

const NEVER = new AbortController().signal;
const EXPORT_EVERY_MS = 60;

export function fakeVolumes(world: FakeWorld): EngineHandlers['volumes'] {
  return {
    list: () => attempt(() => all(world).map((volume) => withUse(world, volume))),
    inspect: ({ volume }) => attempt(() => withUse(world, world.volume(volume))),
    create: ({ name, ...settings }) =>
      attempt(() => {
        const chosen = name ?? fakeId(`anonymous ${world.volumes.size}`);
        const there = world.volumes.get(chosen);
        if (there !== undefined) return there;
        return add(
          world,
          fakeVolume(chosen, { ...settings, anonymous: name === undefined }),
          new FakeFiles(),
        );
      }),
    remove: ({ volume, permanently }) =>
      attempt(() => {
        const found = withUse(world, world.volume(volume));
        if (found.usedBy.length > 0) throw inUse(found);
        const trashId = permanently ? null : intoTrash(world, found);
        world.volumes.delete(found.name);
        say(world, 'destroy', found.name);
        return { name: found.name, trashId };
      }),
    prune: (options) =>
      attempt(() => {
        const unused = all(world).filter(
          (volume) => (options.all || volume.anonymous) && withUse(world, volume).usedBy.length === 0,
        );
        const freed = unused.map(({ name }) => world.filesOf('volume', name).measure().sizeBytes);
        for (const { name } of unused) world.volumes.delete(name);
        say(world, 'prune', '');
        return {
          removed: unused.map(({ name }) => name),
          freedBytes: freed.reduce((total, bytes) => total + bytes, 0),
        };
      }),
    clone: async ({ volume, name, labels }) => {
      const found = world.volume(volume);
      await world.pause(400, NEVER);
      refuseTaken(world, name);
      const copy = fakeVolume(name, { ...found, name, labels: labels ?? found.labels, anonymous: false });
      return add(world, copy, world.filesOf('volume', volume).copy());
    },
    empty: ({ volume }) =>
      attempt(() => {
        const found = withUse(world, world.volume(volume));
        if (found.usedBy.some(({ running }) => running)) throw inUse(found);
        const trashId = intoTrash(world, found);
        world.setFiles('volume', found.name, new FakeFiles());
        say(world, 'empty', found.name);
        return { name: found.name, trashId };
      }),
    export: async function* ({ volume }, { signal }) {
      for await (const piece of world.filesOf('volume', world.volume(volume).name).read('/.')) {
        if (signal.aborted) return;
        if (piece.kind === 'data') yield piece.data;
        await world.pause(EXPORT_EVERY_MS, signal);
      }
    },
    import: async function* ({ name, labels, replace }, up) {
      if (!replace) refuseTaken(world, name);
      const files = new FakeFiles();
      let receivedBytes = 0;
      for await (const written of files.write('/', up)) ({ receivedBytes } = written);
      const before = world.volumes.get(name);
      if (before !== undefined) intoTrash(world, before);
      yield { volume: add(world, fakeVolume(name, { labels }), files), receivedBytes };
    },
    usage: async function* ({ volumes }, { signal }) {
      for (const name of volumes.length > 0 ? volumes : all(world).map((each) => each.name)) {
        await world.pause(40, signal);
        yield { volume: name, ...world.filesOf('volume', name).measure() };
      }
    },
    trash: () => attempt(() => trashed(world)),
    restore: ({ trashed: wanted, name }) =>
      attempt(() => {
        const found = trashed(world).find((each) => each.id === wanted || each.name === wanted);
        if (found === undefined) throw new EngineError('not-found', 'This is no longer in the trash.');
        const own = name ?? found.name;
        refuseTaken(world, own);
        const { files } = world.trash.get(found.id) ?? {};
        world.trash.delete(found.id);
        const { labels, options, anonymous, createdAt } = found;
        const volume = add(
          world,
          fakeVolume(own, { labels, options, anonymous, createdAt }),
          files?.copy() ?? new FakeFiles(),
        );
        say(world, 'restore', own);
        return volume;
      }),
    purge: ({ trashed: wanted }) =>
      attempt(() => {
        const gone = trashed(world).filter(({ id }) => wanted.length === 0 || wanted.includes(id));
        for (const { id } of gone) world.trash.delete(id);
        say(world, 'purge', '');
        return {
          removed: gone.map(({ id }) => id),
          freedBytes: gone.reduce((total, { sizeBytes }) => total + sizeBytes, 0),
        };
      }),
    ...fakeFileOperations<'volumes'>(({ volume }) => world.filesOf('volume', world.volume(volume).name)),
  };
}

async function attempt<T>(act: () => T): Promise<T> {
  await Promise.resolve();
  return act();
}

function all(world: FakeWorld): Volume[] {
  return [...world.volumes.values()].sort((a, b) => a.name.localeCompare(b.name));
}

function withUse(world: FakeWorld, volume: Volume): Volume {
  const usedBy = [...world.containers.values()].flatMap(({ id, name, state, spec }): VolumeUser[] => {
    const mounts = spec.mounts.filter((mount) => mount.type === 'volume' && mount.source === volume.name);
    if (mounts.length === 0) return [];
    return [
      {
        id,
        name,
        running: state.status === 'running' || state.status === 'paused',
        targets: mounts.map(({ target }) => target),
        readOnly: mounts.every((mount) => mount.type === 'volume' && mount.readOnly),
      },
    ];
  });
  return { ...volume, usedBy };
}

function add(world: FakeWorld, volume: Volume, files: FakeFiles): Volume {
  world.volumes.set(volume.name, volume);
  world.setFiles('volume', volume.name, files);
  say(world, 'create', volume.name);
  return volume;
}

function say(world: FakeWorld, action: VolumeAction, name: string): void {
  world.publish({ type: 'volume', action, name, attributes: { driver: 'local' } });
}

function refuseTaken(world: FakeWorld, name: string): void {
  const taken = all(world).find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (taken === undefined) return;
  throw new EngineError('already-exists', `There is a volume "${taken.name}" already.`, {
    hint: 'Choose another name.',
  });
}

function inUse({ name, usedBy }: Volume): EngineError {
  return new EngineError(
    'conflict',
    `The volume "${name}" is in use by ${usedBy.map((user) => user.name).join(', ')}.`,
    {
      hint: 'Stop or delete those containers first.',
    },
  );
}

function intoTrash(world: FakeWorld, volume: Volume): string {
  const files = world.filesOf('volume', volume.name);
  const { name, labels, options, anonymous, createdAt } = volume;
  const id = fakeId(`${name} ${world.trash.size} ${Date.now()}`).slice(0, 32);
  const entry: TrashedVolume = {
    id,
    name,
    labels,
    options,
    anonymous,
    createdAt,
    removedAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 7 * DAY).toISOString(),
    sizeBytes: files.measure().sizeBytes,
  };
  world.trash.set(id, { entry, files });
  return id;
}

function trashed(world: FakeWorld): TrashedVolume[] {
  return [...world.trash.values()]
    .map(({ entry }) => entry)
    .sort((a, b) => b.removedAt.localeCompare(a.removedAt));
}
