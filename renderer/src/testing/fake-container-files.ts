import type { EngineHandlers } from '@longshore/engine/contract';
import type { FileChange } from '@longshore/engine/types';
import { fakeFileOperations, type FileOperation } from './fake-file-operations.ts';
import { fakeId } from './fake-parts.ts';
import type { FakeWorld } from './fake-world.ts';

type FileHandlers = Pick<
  EngineHandlers['containers'],
  'changes' | 'usage' | 'export' | 'commit' | FileOperation
>;

const CHANGES: readonly FileChange[] = [
  { path: '/etc', kind: 'modified' },
  { path: '/etc/motd', kind: 'added' },
  { path: '/etc/resolv.conf', kind: 'modified' },
  { path: '/run', kind: 'modified' },
  { path: '/run/app.pid', kind: 'added' },
  { path: '/tmp', kind: 'modified' },
  { path: '/tmp/setup.log', kind: 'deleted' },
];
const CACHED = 2000;
const EXPORT_PIECES = 4;

/** Files in memory, a difference to look at and an archive to save. */
export function fakeContainerFiles(world: FakeWorld): FileHandlers {
  return {
    changes: async function* ({ container }) {
      const { name } = world.container(container);
      await Promise.resolve();
      yield name === 'hello' ? [] : CHANGES;
      if (name === 'web') yield cacheFiles();
    },
    usage: async function* ({ containers }) {
      await Promise.resolve();
      for (const { id } of [...world.containers.values()]) {
        if (containers.length === 0 || containers.includes(id))
          yield { id, writableBytes: 12e6, logBytes: 4e4 };
      }
    },
    ...fakeFileOperations<'containers'>(({ container }) =>
      world.filesOf('container', world.container(container).id),
    ),
    export: async function* ({ container }, { signal }) {
      world.container(container);
      for (let piece = 0; piece < EXPORT_PIECES && !signal.aborted; piece += 1) {
        yield new Uint8Array(512).fill(piece);
        await world.pause(100, signal);
      }
    },
    commit: async ({ container, reference }) => {
      const found = world.container(container);
      await world.pause(300, new AbortController().signal);
      const name = reference === undefined || reference.includes(':') ? reference : `${reference}:latest`;
      const image = world.image(found.image.reference);
      const id = `sha256:${fakeId(`${found.name} ${name ?? ''} ${world.images.size}`)}`;
      world.images.set(id, {
        ...image,
        id,
        references: name === undefined ? [] : [name],
        createdAt: new Date().toISOString(),
        usedBy: [],
      });
      world.publish({ type: 'image', action: 'create', id, reference: name ?? id });
      world.say(found, 'commit', { imageID: id });
      return { id, reference: name ?? null };
    },
  };
}

function cacheFiles(): readonly FileChange[] {
  return Array.from({ length: CACHED }, (_, index) => ({
    path: `/var/lib/nginx/tmp/proxy/${String(index).padStart(5, '0')}`,
    kind: 'added',
  }));
}
