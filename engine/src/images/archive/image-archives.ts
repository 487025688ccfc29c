import type { Clock } from '../../clock.ts';
import type { EngineHandlers, HandlerContext } from '../../contract/index.ts';
import type { ImportProgress, LoadProgress } from '../../types/index.ts';
import type { ImageUse } from '../image-use.ts';
import { newImageName } from '../new-name.ts';
import { requestPlatform } from '../request-platform.ts';
import { watchWork } from '../streamed-work.ts';
import { summarize } from '../summary.ts';
import type { Tasks } from '../tasks.ts';
import { importImage, type ImporterParts } from './importer.ts';
import { type LoaderParts, loadImages } from './loader.ts';
import { saveImages, type SaverParts } from './saver.ts';

export interface ImageArchivesParts extends LoaderParts, ImporterParts, SaverParts {
  readonly use: ImageUse;
  readonly tasks: Tasks;
  readonly clock: Clock;
}

type Handlers = EngineHandlers['images'];
type Bytes = AsyncIterable<Uint8Array>;

/** Images in and out by archives: the contract's `save`, `load` and `import`. */
export class ImageArchives {
  private readonly parts: ImageArchivesParts;

  constructor(parts: ImageArchivesParts) {
    this.parts = parts;
  }

  save(request: Parameters<Handlers['save']>[0], { signal }: HandlerContext): Bytes {
    const { images, platform } = request;
    return saveImages(this.parts, { images, platform: requestPlatform(platform) }, signal);
  }

  load(
    request: Parameters<Handlers['load']>[0],
    bytes: Bytes,
    { signal }: HandlerContext,
  ): AsyncIterable<LoadProgress> {
    const { parts } = this;
    const platform = requestPlatform(request.platform);
    const run = async (context: Parameters<typeof loadImages>[3]): Promise<LoadProgress> => {
      const loaded = await loadImages(parts, bytes, platform, context);
      const images = loaded.map(({ image, references }) => ({
        image: summarize(image, parts.catalog, parts.use),
        references,
      }));
      return { stage: 'done', images };
    };
    const work = {
      kind: 'image-load',
      subject: request.name,
      background: false,
      fractionOf: unpackedFraction,
      run,
    } as const;
    return watchWork(parts, work, signal);
  }

  import(
    request: Parameters<Handlers['import']>[0],
    bytes: Bytes,
    { signal }: HandlerContext,
  ): AsyncIterable<ImportProgress> {
    const { parts } = this;
    const { message, changes } = request;
    const reference = request.reference === undefined ? null : newImageName(request.reference);
    const platform = requestPlatform(request.platform) ?? parts.platform;
    const order = { reference, message, changes, platform };
    const run = async (context: Parameters<typeof importImage>[3]): Promise<ImportProgress> => {
      const image = await importImage(parts, bytes, order, context);
      return { stage: 'done', image: summarize(image, parts.catalog, parts.use) };
    };
    const subject = request.reference ?? request.name;
    const work = { kind: 'image-import', subject, background: false, fractionOf: () => null, run } as const;
    return watchWork(parts, work, signal);
  }
}

/** How much there is to receive is not known; of unpacking, the part of the image that is under way. */
function unpackedFraction(progress: LoadProgress): number | null {
  if (progress.stage !== 'unpacking') return progress.stage === 'done' ? 1 : null;
  const { layers } = progress;
  const total = layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const done = layers.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0);
  return total === 0 ? null : done / total;
}
