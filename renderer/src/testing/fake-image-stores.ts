import type { EngineHandlers } from '@longshore/engine/contract';
import type { ImageSummary } from '@longshore/engine/types';
import { fakeImageDetails } from './fake-image-details.ts';
import type { FakeWorld } from './fake-world.ts';

type StoreHandlers = Pick<EngineHandlers['images'], 'history' | 'prunable' | 'prune'>;

/** How images were made, and those that nobody needs. */
export function fakeImageStores(world: FakeWorld): StoreHandlers {
  return {
    history: async ({ image }) => {
      await Promise.resolve();
      const found = world.image(image);
      return fakeImageDetails(found)
        .history.map(({ createdAt, createdBy, comment }, index, all) => ({
          imageId: index === all.length - 1 ? found.id : null,
          references: index === all.length - 1 ? found.references : [],
          createdAt,
          createdBy,
          comment,
          layer: null,
          sizeBytes: 0,
        }))
        .reverse();
    },
    prunable: async ({ all }) => {
      await Promise.resolve();
      const images = unused(world, all);
      return { images, freedBytes: bytesOf(images) };
    },
    prune: async ({ all }) => {
      await Promise.resolve();
      const images = unused(world, all);
      for (const { id, references } of images) {
        world.images.delete(id);
        world.publish({ type: 'image', action: 'delete', id, reference: references[0] ?? '' });
      }
      return {
        untagged: images.flatMap(({ references }) => references),
        deleted: images.map(({ id }) => id),
        freedBytes: bytesOf(images),
      };
    },
  };
}

function unused(world: FakeWorld, withNamed: boolean): readonly ImageSummary[] {
  const used = new Set([...world.containers.values()].map(({ image }) => image.reference));
  return [...world.images.values()].filter(
    ({ references }) =>
      !references.some((reference) => used.has(reference)) && (withNamed || references.length === 0),
  );
}

function bytesOf(images: readonly ImageSummary[]): number {
  return images.reduce((total, { uniqueBytes }) => total + uniqueBytes, 0);
}
