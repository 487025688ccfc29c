import type { EngineHandlers } from '@longshore/engine/contract';
import { EngineError } from '@longshore/engine/errors';
import type { ImageSummary, RemovedImage, StarterImage } from '@longshore/engine/types';
import { fakeId } from './fake-parts.ts';
import { fakeImageDetails } from './fake-image-details.ts';
import { fakeImageStores } from './fake-image-stores.ts';
import { fakeArchives } from './fake-archives.ts';
import { fakeImageFiles } from './fake-image-files.ts';
import { fakePull } from './fake-pull.ts';
import { fakePullLife } from './fake-pull-life.ts';
import { fakePush } from './fake-push.ts';
import type { FakeWorld } from './fake-world.ts';

const STARTERS: readonly Omit<StarterImage, 'installed'>[] = [
  {
    name: 'hello',
    reference: 'hello:latest',
    description: 'Prints a greeting and exits. Shows that running and logs work.',
  },
  {
    name: 'busybox',
    reference: 'busybox:latest',
    description: 'A tiny Linux with a shell. Opens a terminal inside the container.',
  },
];

export function fakeImages(world: FakeWorld): EngineHandlers['images'] {
  return {
    list: () => Promise.resolve([...world.images.values()].map((image) => withUse(world, image))),
    inspect: async ({ image }) => {
      await Promise.resolve();
      return fakeImageDetails(withUse(world, world.image(image)));
    },
    pull: ({ reference, credentials }, { signal }) =>
      fakePull(world, reference, signal, credentials !== undefined || world.signIns.size > 0),
    ...fakePullLife(world),
    push: ({ reference, credentials }, { signal }) =>
      fakePush(world, reference, signal, credentials !== undefined || world.signIns.size > 0),
    tag: ({ image, reference }) => {
      const found = world.image(image);
      const tagged = { ...found, references: [...found.references, reference] };
      world.images.set(found.id, tagged);
      world.publish({ type: 'image', action: 'tag', id: found.id, reference });
      return Promise.resolve(tagged);
    },
    remove: async ({ image }) => {
      await Promise.resolve();
      const found = withUse(world, world.image(image));
      if (found.references.includes(image) && found.references.length > 1) return untag(world, found, image);
      if (found.usedBy.length > 0) {
        throw new EngineError('conflict', `The image is in use by ${found.usedBy.join(', ')}.`, {
          hint: 'Delete those containers first.',
        });
      }
      world.images.delete(found.id);
      world.publish({ type: 'image', action: 'delete', id: found.id, reference: found.references[0] ?? '' });
      return { untagged: found.references, deleted: [found.id], freedBytes: found.uniqueBytes };
    },
    ...fakeImageStores(world),
    ...fakeArchives(world),
    ...fakeImageFiles(world),
    starters: () =>
      Promise.resolve(
        STARTERS.map((starter) => ({
          ...starter,
          installed: [...world.images.values()].some((image) => image.references.includes(starter.reference)),
        })),
      ),
    installStarter: ({ name }) => {
      const reference = `${name}:latest`;
      const image: ImageSummary = {
        id: `sha256:${fakeId(reference)}`,
        references: [reference],
        repoDigests: [],
        createdAt: new Date().toISOString(),
        sizeBytes: name === 'hello' ? 14_100 : 2_100_000,
        uniqueBytes: name === 'hello' ? 14_100 : 2_100_000,
        platform: { os: 'linux', architecture: 'amd64' },
        labels: {},
        usedBy: [],
      };
      world.images.set(image.id, image);
      world.publish({ type: 'image', action: 'import', id: image.id, reference });
      return Promise.resolve(image);
    },
  };
}

function untag(world: FakeWorld, image: ImageSummary, reference: string): RemovedImage {
  world.images.set(image.id, { ...image, references: image.references.filter((each) => each !== reference) });
  world.publish({ type: 'image', action: 'untag', id: image.id, reference });
  return { untagged: [reference], deleted: [], freedBytes: 0 };
}

function withUse(world: FakeWorld, image: ImageSummary): ImageSummary {
  const users = [...world.containers.values()].filter((each) =>
    image.references.includes(each.image.reference),
  );
  return { ...image, usedBy: users.map((each) => each.name) };
}
