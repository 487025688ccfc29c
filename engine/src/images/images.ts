import type { Clock } from '../clock.ts';
import type { ContentStore } from '../content/index.ts';
import type { EngineHandlers } from '../contract/index.ts';
import { EngineError, toEngineError } from '../errors/index.ts';
import type { EventBus } from '../events/index.ts';
import type { DataFolder } from '../metadata/index.ts';
import {
  familiarReference,
  formatPlatform,
  formatReference,
  type ImageConfig,
  normalizePlatform,
  parseImageConfig,
  parseReference,
  withDefaultTag,
} from '../oci/index.ts';
import type { RegistryClient } from '../registry/index.ts';
import type { Snapshotter } from '../snapshots/index.ts';
import type {
  ImageDetails,
  ImageRunConfig,
  ImageSummary,
  Platform,
  PullProgress,
  RemovedImage,
  StarterImage,
} from '../types/index.ts';
import { Catalog } from './catalog.ts';
import { Garbage } from './garbage.ts';
import type { ImageUse } from './image-use.ts';
import { LatestFeed } from './latest-feed.ts';
import { Leases } from './leases.ts';
import { findImage } from './lookup.ts';
import { fractionOf } from './pull-progress.ts';
import { Puller, type PullOrder } from './puller.ts';
import { type ImageRecord, platformOf } from './records.ts';
import { removeImage } from './removal.ts';
import { Starters, type StarterSources } from './starter/index.ts';
import { countSharing, detail, summarize } from './summary.ts';
import type { Tasks } from './tasks.ts';

export interface ImagesParts {
  readonly folder: DataFolder;
  readonly content: ContentStore;
  readonly registry: RegistryClient;
  readonly snapshotter: Snapshotter;
  readonly events: EventBus;
  readonly tasks: Tasks;
  readonly use: ImageUse;
  readonly clock: Clock;
  /** Of the machine that runs the containers. */
  readonly platform: Platform;
  readonly starters: StarterSources;
}

/** An image as a container needs it. */
export interface ResolvedImage {
  /** Digest of the image config. */
  readonly id: string;
  /** Familiar form, as it was asked for. */
  readonly reference: string;
  /** `linux/amd64`. */
  readonly platform: string;
  /** Of its unpacked layers, lowest first. */
  readonly chainIds: readonly string[];
  readonly config: ImageRunConfig;
}

type Handlers = EngineHandlers['images'];
type PullRequest = Parameters<Handlers['pull']>[0];

/** Between two reports of a pull's progress. */
const PROGRESS_INTERVAL_MS = 100;

/** The images of this machine: the contract's `images`, and what containers need of them. */
export class Images implements Handlers {
  private readonly parts: ImagesParts & { readonly catalog: Catalog; readonly garbage: Garbage };
  private readonly puller: Puller;
  private readonly starterImages: Starters;

  static async open(parts: ImagesParts): Promise<Images> {
    const catalog = await Catalog.open(parts.folder, parts.content);
    const leases = await Leases.open(parts.folder, parts.clock);
    return new Images(parts, catalog, leases);
  }

  private constructor(parts: ImagesParts, catalog: Catalog, leases: Leases) {
    const garbage = new Garbage({ ...parts, catalog, leases });
    this.parts = { ...parts, catalog, garbage };
    this.puller = new Puller({ ...parts, catalog, leases, garbage });
    this.starterImages = new Starters({ ...parts, catalog, leases, garbage });
  }

  get count(): number {
    return this.parts.catalog.all().length;
  }

  readonly list = async (): Promise<readonly ImageSummary[]> => {
    const { catalog, use } = this.parts;
    const sharing = countSharing(catalog.all());
    return catalog
      .all()
      .map((image) => summarize(image, catalog, use, sharing))
      .sort(
        (a, b) => compare(a.references[0] ?? '\uffff', b.references[0] ?? '\uffff') || compare(a.id, b.id),
      );
  };

  readonly inspect = async ({ image: text }: { readonly image: string }): Promise<ImageDetails> => {
    const { image } = findImage(this.parts.catalog, text);
    return detail(image, this.summary(image), await this.configOf(image));
  };

  /** For containers. What it answers with cannot be removed before the caller's next step. */
  async resolve(text: string): Promise<ResolvedImage> {
    const { catalog } = this.parts;
    const { image, reference } = findImage(catalog, text);
    const config = await this.configOf(image);
    // It may have gone while its config was read.
    findImage(catalog, image.id);
    const familiar = reference === null ? null : familiarReference(parseReference(reference));
    return {
      id: image.id,
      reference: familiar ?? catalog.familiarReferencesOf(image.id)[0] ?? image.id,
      platform: formatPlatform(platformOf(image)),
      chainIds: image.layers.map(({ chainId }) => chainId),
      config: config.run,
    };
  }

  async *pull(
    request: PullRequest,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<PullProgress> {
    const order = toOrder(request, this.parts.platform);
    const feed = new LatestFeed<PullProgress>(this.parts.clock, PROGRESS_INTERVAL_MS);
    const left = new AbortController();
    const stop = (): void => {
      left.abort(signal.reason);
      feed.fail(toEngineError(signal.reason));
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const pulling = this.pullAsTask(order, feed, request.background ? null : left.signal);
    try {
      yield* feed.read();
    } finally {
      signal.removeEventListener('abort', stop);
      left.abort(new EngineError('cancelled', 'The pull was cancelled.'));
      if (!request.background) await pulling;
    }
  }

  readonly tag = async (input: {
    readonly image: string;
    readonly reference: string;
  }): Promise<ImageSummary> => {
    const { catalog, events } = this.parts;
    const { image } = findImage(catalog, input.image);
    const reference = parseReference(input.reference);
    if (reference.digest !== null) {
      throw new EngineError('invalid-argument', 'An image cannot be given a digest as its name.', {
        hint: 'Use a name and a tag: "app:1.0".',
      });
    }
    const tagged = withDefaultTag(reference);
    await catalog.point(formatReference(tagged), image.id);
    await catalog.publish();
    events.publish({ type: 'image', action: 'tag', id: image.id, reference: familiarReference(tagged) });
    return this.summary(image);
  };

  readonly remove = async (input: {
    readonly image: string;
    readonly force: boolean;
  }): Promise<RemovedImage> => removeImage(this.parts, input.image, input.force);

  readonly starters = async (): Promise<readonly StarterImage[]> => this.starterImages.list();

  readonly installStarter = async (input: { readonly name: StarterImage['name'] }): Promise<ImageSummary> =>
    this.summary(await this.starterImages.install(input.name));

  /** Deletes what no image needs any more; at the start, and after containers that held on to something are gone. */
  async collectGarbage(): Promise<{ readonly freedBytes: number }> {
    return this.parts.garbage.collect();
  }

  /** Never rejects: the outcome goes to the feed and to the task. */
  private async pullAsTask(
    order: PullOrder,
    feed: LatestFeed<PullProgress>,
    left: AbortSignal | null,
  ): Promise<void> {
    const name = familiarReference(order.reference);
    try {
      const { image, manifestDigest, upToDate } = await this.parts.tasks.run('image-pull', name, (task) =>
        this.puller.pull(order, {
          signal: left === null ? task.signal : AbortSignal.any([task.signal, left]),
          report: (progress) => {
            feed.set(progress);
            task.report(fractionOf(progress));
          },
        }),
      );
      feed.finish({ stage: 'done', reference: name, manifestDigest, image: this.summary(image), upToDate });
    } catch (thrown) {
      feed.fail(toEngineError(thrown));
    }
  }

  private summary(image: ImageRecord): ImageSummary {
    return summarize(image, this.parts.catalog, this.parts.use);
  }

  private async configOf(image: ImageRecord): Promise<ImageConfig> {
    return parseImageConfig(await this.parts.content.read(image.id));
  }
}

function toOrder(request: PullRequest, machine: Platform): PullOrder {
  const { platform } = request;
  return {
    reference: withDefaultTag(parseReference(request.reference)),
    platform:
      platform === undefined
        ? machine
        : normalizePlatform({
            os: platform.os,
            architecture: platform.architecture,
            ...(platform.variant !== undefined && { variant: platform.variant }),
          }),
    insecure: request.insecure,
    credentials: request.credentials,
  };
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
