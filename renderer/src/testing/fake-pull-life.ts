import type { EngineHandlers } from '@longshore/engine/contract';
import { EngineError } from '@longshore/engine/errors';
import type { ImagePull } from '@longshore/engine/types';
import { fakeId } from './fake-parts.ts';
import { fakePull } from './fake-pull.ts';
import type { FakeWorld } from './fake-world.ts';

type PullLife = Pick<EngineHandlers['images'], 'pulls' | 'pausePull' | 'resumePull' | 'dropPull'>;

const MB = 1_000_000;

/** Pausing and going on with pulls, as the engine has it; a machine in use has one that was interrupted. */
export function fakePullLife(world: FakeWorld): PullLife {
  const unfinished = world.images.size === 0 ? [] : [interrupted()];
  const stopped = new Map(unfinished.map((pull) => [pull.id, pull]));
  const find = (id: string): ImagePull => {
    const pull = stopped.get(id) ?? running(world).find((each) => each.id === id);
    if (pull === undefined) throw new EngineError('not-found', 'There is no such pull any more.');
    return pull;
  };
  return {
    pulls: () => Promise.resolve([...stopped.values(), ...running(world)]),
    pausePull: async ({ pull: id }) => {
      await Promise.resolve();
      const { task, ...pull } = find(id);
      if (task !== null) world.cancelled.add(task);
      const paused: ImagePull = { ...pull, task: null, status: 'paused', expiresAt: inAWeek() };
      stopped.set(id, paused);
      return paused;
    },
    resumePull: ({ pull: id }, { signal }) => {
      const { reference } = find(id);
      stopped.delete(id);
      return fakePull(world, reference, signal);
    },
    dropPull: ({ pull: id }) => {
      const { downloadedBytes } = find(id);
      stopped.delete(id);
      return Promise.resolve({ freedBytes: downloadedBytes ?? 0 });
    },
  };
}

function running(world: FakeWorld): readonly ImagePull[] {
  return [...world.tasks.values()]
    .filter(({ kind, status }) => kind === 'image-pull' && status === 'running')
    .map(({ id, subject, startedAt }) => ({
      ...interrupted(),
      id: fakeId(subject),
      reference: subject,
      status: 'running',
      task: id,
      startedAt,
      expiresAt: null,
    }));
}

function interrupted(): ImagePull {
  return {
    id: fakeId('debian:trixie'),
    reference: 'debian:trixie',
    platform: { os: 'linux', architecture: 'amd64' },
    status: 'interrupted',
    task: null,
    progress: null,
    error: null,
    manifestDigest: `sha256:${fakeId('debian:trixie')}`,
    sizeBytes: 49 * MB,
    downloadedBytes: 31 * MB,
    startedAt: new Date().toISOString(),
    expiresAt: inAWeek(),
  };
}

function inAWeek(): string {
  return new Date(Date.now() + 7 * 24 * 3600 * 1000).toISOString();
}
