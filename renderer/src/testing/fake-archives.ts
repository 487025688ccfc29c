import type { EngineHandlers } from '@longshore/engine/contract';
import { EngineError } from '@longshore/engine/errors';
import type { ImageSummary } from '@longshore/engine/types';
import { fakeId } from './fake-parts.ts';
import type { FakeWorld } from './fake-world.ts';

type ArchiveHandlers = Pick<EngineHandlers['images'], 'save' | 'load' | 'import'>;

const PIECE = 64 * 1024;

/**
 * Archives of which only the names are read: each file is an image called as the file is. One with `damaged` in its name is refused.
 */
export function fakeArchives(world: FakeWorld): ArchiveHandlers {
  return {
    save: async function* ({ images }, { signal }) {
      for (const name of images) world.image(name);
      for (let piece = 0; piece < 4 && !signal.aborted; piece += 1) {
        await world.pause(60, signal);
        yield new Uint8Array(PIECE);
      }
    },
    load: async function* ({ name }, bytes) {
      let receivedBytes = 0;
      for await (const piece of bytes) {
        receivedBytes += piece.length;
        yield { stage: 'receiving', receivedBytes };
      }
      if (name.includes('damaged')) {
        throw new EngineError('invalid-argument', `${name} is not an archive of images.`, {
          hint: 'An archive of files alone is taken in as a root file system.',
        });
      }
      const image = taken(world, `${name.replace(/\.tar.*$/, '')}:latest`, receivedBytes);
      yield { stage: 'done', images: [{ image, references: image.references }] };
    },
    import: async function* ({ reference }, bytes) {
      let receivedBytes = 0;
      for await (const piece of bytes) receivedBytes += piece.length;
      yield { stage: 'unpacking' };
      yield { stage: 'done', image: taken(world, reference, receivedBytes) };
    },
  };
}

function taken(world: FakeWorld, reference: string | undefined, sizeBytes: number): ImageSummary {
  const image: ImageSummary = {
    id: `sha256:${fakeId(reference ?? 'nameless')}`,
    references: reference === undefined ? [] : [reference],
    repoDigests: [],
    createdAt: new Date().toISOString(),
    sizeBytes,
    uniqueBytes: sizeBytes,
    platform: { os: 'linux', architecture: 'amd64' },
    labels: {},
    usedBy: [],
  };
  world.images.set(image.id, image);
  world.publish({ type: 'image', action: 'load', id: image.id, reference: reference ?? '' });
  return image;
}
