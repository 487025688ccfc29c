import type { Report } from '../background.ts';
import type { Clock } from '../clock.ts';
import type { ContentStore } from '../content/index.ts';
import type { EngineHandlers, HandlerContext } from '../contract/index.ts';
import type { EventBus } from '../events/index.ts';
import type { DataFolder } from '../metadata/index.ts';
import {
  type Digest,
  familiarReference,
  parseDigest,
  parseReference,
  type Reference,
  withDefaultTag,
} from '../oci/index.ts';
import type { Credentials, RegistryClient } from '../registry/index.ts';
import type { Snapshotter } from '../snapshots/index.ts';
import type {
  CommittedImage,
  ImageDetails,
  ImageFileOrigin,
  ImageHistoryLine,
  ImageLayerFile,
  ImagePull,
  ImageSummary,
  ImportProgress,
  LoadProgress,
  Platform,
  PullProgress,
  PushProgress,
  RemovedImage,
  StarterImage,
} from '../types/index.ts';
import { ImageArchives } from './archive/image-archives.ts';
import {
  type BuiltImageOrder,
  joinBuiltImages,
  type JoinOrder,
  type StoredBuild,
  storeBuiltImage,
} from './built-image.ts';
import { Catalog } from './catalog.ts';
import { type CommitOrder, Committer } from './commit/committer.ts';
import { Garbage } from './garbage.ts';
import type { ImageUse } from './image-use.ts';
import { LayerBrowser } from './layer-files/layer-browser.ts';
import {
  LayerExchange,
  type NamedPlace,
  type SharedLayers,
  type SharedLayersOrder,
} from './layer-exchange.ts';
import { Leases } from './leases.ts';
import { type BaseImageParts, Inventory, type ResolvedImage } from './inventory.ts';
import { findImage } from './lookup.ts';
import { newImageName } from './new-name.ts';
import { findPrunable, pruneImages } from './prune/pruning.ts';
import { Puller } from './puller.ts';
import { Pulls } from './pulls/pulls.ts';
import { UnfinishedPulls } from './pulls/unfinished-pulls.ts';
import { type PushContext, Pusher } from './push/pusher.ts';
import { pushedFraction } from './push/push-progress.ts';
import { pushReference } from './push/push-reference.ts';
import type { ImageRecord } from './records.ts';
import { requestPlatform, toPlatform } from './request-platform.ts';
import { removeImage } from './removal/removal.ts';
import { Starters, type StarterSources } from './starter/index.ts';
import { ImageStorage } from './storage/image-storage.ts';
import { watchWork } from './streamed-work.ts';
import type { Tasks } from './tasks.ts';
import { Upkeep } from './upkeep.ts';

export interface ImagesParts {
  readonly folder: DataFolder;
  readonly content: ContentStore;
  readonly registry: RegistryClient;
  /** Who the person is towards a registry. */
  readonly signIns: { find(registry: string, signal: AbortSignal): Promise<Credentials | null> };
  readonly snapshotter: Snapshotter;
  readonly events: EventBus;
  readonly tasks: Tasks;
  readonly use: ImageUse;
  readonly clock: Clock;
  /** Of the machine that runs the containers. */
  readonly platform: Platform;
  readonly starters: StarterSources;
  /** ChainIDs that the cache of builds wants to stay. */
  readonly heldLayers?: () => readonly Digest[];
  /** Hears of damaged records, and of what went wrong behind everybody's back. */
  readonly report: Report;
}

type Handlers = EngineHandlers['images'];
type InputOf<Verb extends keyof Handlers> = Parameters<Handlers[Verb]>[0];
type Bytes = AsyncIterable<Uint8Array>;

/** The images of this machine: the contract's `images`, and what containers need of them. */
export class Images implements Handlers, AsyncDisposable {
  private readonly parts: ImagesParts & { readonly catalog: Catalog; readonly garbage: Garbage };
  private readonly inventory: Inventory;
  private readonly pullLife: Pulls;
  private readonly pusher: Pusher;
  private readonly starterImages: Starters;
  private readonly committer: Committer;
  private readonly archives: ImageArchives;
  private readonly layers: LayerBrowser;
  private readonly exchange: LayerExchange;
  private readonly upkeep: Upkeep;
  /** The images as far as the disk is concerned. */
  readonly storage: ImageStorage;

  static async open(parts: ImagesParts): Promise<Images> {
    const catalog = await Catalog.open(parts.folder, parts.content, parts.platform);
    const leases = await Leases.open(parts.folder, parts.clock);
    for (const { reason, path } of catalog.quarantined) {
      parts.report(`A record of an image is damaged (${reason}); it was put aside as ${path}.`);
    }
    const unfinished = await UnfinishedPulls.open({ ...parts, leases });
    for (const { reason, path } of unfinished.quarantined) {
      parts.report(`A record of a pull is damaged (${reason}); it was put aside as ${path}.`);
    }
    return new Images(parts, catalog, leases, unfinished);
  }

  private constructor(parts: ImagesParts, catalog: Catalog, leases: Leases, unfinished: UnfinishedPulls) {
    const garbage = new Garbage({ ...parts, catalog, leases });
    this.parts = { ...parts, catalog, garbage };
    this.inventory = new Inventory(this.parts);
    const puller = new Puller({ ...parts, catalog, leases, garbage });
    const summarizeOne = (image: ImageRecord): ImageSummary => this.inventory.summary(image);
    this.pullLife = new Pulls({ ...parts, puller, unfinished, leases, garbage, summarize: summarizeOne });
    this.pusher = new Pusher({ ...parts, catalog, leases, garbage });
    this.starterImages = new Starters({ ...parts, catalog, leases, garbage });
    this.committer = new Committer({ ...parts, catalog, leases, garbage });
    this.archives = new ImageArchives({ ...parts, catalog, leases, garbage });
    this.layers = new LayerBrowser({ ...parts, catalog, leases, garbage });
    this.exchange = new LayerExchange(this.parts);
    this.upkeep = new Upkeep(this.parts);
    this.storage = new ImageStorage(this.parts, this.upkeep.signal);
  }

  get count(): number {
    return this.parts.catalog.all().length;
  }

  readonly list = (query?: InputOf<'list'>): Promise<readonly ImageSummary[]> => this.inventory.list(query);

  readonly inspect = (query: InputOf<'inspect'>): Promise<ImageDetails> => this.inventory.inspect(query);

  readonly history = (query: InputOf<'history'>): Promise<readonly ImageHistoryLine[]> =>
    this.inventory.history(query);

  /** For containers: `Inventory.resolve`. */
  resolve(...words: Parameters<Inventory['resolve']>): Promise<ResolvedImage> {
    return this.inventory.resolve(...words);
  }

  pull(request: InputOf<'pull'>, context: HandlerContext): AsyncIterable<PullProgress> {
    return this.pullLife.pull(request, context);
  }

  resumePull(request: InputOf<'resumePull'>, context: HandlerContext): AsyncIterable<PullProgress> {
    return this.pullLife.resumePull(request, context);
  }

  readonly pulls = (): Promise<readonly ImagePull[]> => this.pullLife.pulls();

  readonly pausePull = (request: InputOf<'pausePull'>): Promise<ImagePull> =>
    this.pullLife.pausePull(request);

  readonly dropPull: Handlers['dropPull'] = (request, context) => this.pullLife.dropPull(request, context);

  push(request: InputOf<'push'>, { signal }: HandlerContext): AsyncIterable<PushProgress> {
    const reference = pushReference(request.reference);
    const { insecure, background } = request;
    const platform = requestPlatform(request.platform);
    const run = async (context: PushContext): Promise<PushProgress> => {
      const credentials = await this.credentialsFor(reference, request.credentials, context.signal);
      return this.pusher.push({ reference, platform, insecure, credentials }, context);
    };
    const subject = familiarReference(reference);
    const work = { kind: 'image-push', subject, background, fractionOf: pushedFraction, run } as const;
    return watchWork(this.parts, work, signal);
  }

  save(request: InputOf<'save'>, context: HandlerContext): AsyncIterable<Uint8Array> {
    return this.archives.save(request, context);
  }

  load(request: InputOf<'load'>, bytes: Bytes, context: HandlerContext): AsyncIterable<LoadProgress> {
    return this.archives.load(request, bytes, context);
  }

  import(request: InputOf<'import'>, bytes: Bytes, context: HandlerContext): AsyncIterable<ImportProgress> {
    return this.archives.import(request, bytes, context);
  }

  layerFiles(
    { image, layer }: InputOf<'layerFiles'>,
    { signal }: HandlerContext,
  ): AsyncIterable<readonly ImageLayerFile[]> {
    return this.layers.files(image, layer, signal);
  }

  fileOrigins(
    { image, path }: InputOf<'fileOrigins'>,
    { signal }: HandlerContext,
  ): AsyncIterable<ImageFileOrigin> {
    return this.layers.origins(image, path, signal);
  }

  readFile(
    { image, layer, path }: InputOf<'readFile'>,
    { signal }: HandlerContext,
  ): AsyncIterable<Uint8Array> {
    return this.layers.content(image, layer, path, signal);
  }

  diff({ image, other }: InputOf<'diff'>, { signal }: HandlerContext): ReturnType<Handlers['diff']> {
    return this.layers.diff(image, other, signal);
  }

  readonly tag = async (input: {
    readonly image: string;
    readonly reference: string;
  }): Promise<ImageSummary> => {
    const { catalog, events } = this.parts;
    const tagged = newImageName(input.reference);
    const image = await catalog.exclusive(async () => {
      const found = findImage(catalog, input.image).image;
      await catalog.tag(found, tagged);
      return found;
    });
    events.publish({
      type: 'image',
      action: 'tag',
      id: image.id,
      reference: familiarReference(parseReference(tagged)),
    });
    return this.inventory.summary(image);
  };

  readonly remove = ({ image, platforms = [], force }: InputOf<'remove'>): Promise<RemovedImage> =>
    removeImage(this.parts, { image, platforms: platforms.map(toPlatform), force }, this.upkeep.signal);

  readonly prunable: Handlers['prunable'] = (filters, { signal }) =>
    findPrunable(this.parts, filters, signal);

  /** Goes on when its caller leaves. */
  readonly prune = (filters: InputOf<'prune'>): Promise<RemovedImage> =>
    pruneImages(this.parts, filters, this.upkeep.signal);

  readonly starters = async (): Promise<readonly StarterImage[]> => this.starterImages.list();

  readonly installStarter = async (input: { readonly name: StarterImage['name'] }): Promise<ImageSummary> =>
    this.inventory.summary(await this.starterImages.install(input.name));

  /** For builds: what an image is made of, as it is here. */
  baseOf(text: string, platform: Platform): Promise<BaseImageParts> {
    return this.inventory.baseOf(text, platform);
  }

  /** For builds: an image of layers that are unpacked here. */
  storeBuilt(order: BuiltImageOrder, signal: AbortSignal): Promise<StoredBuild> {
    return storeBuiltImage(this.parts, order, signal);
  }

  /** For builds: of several of those, one image for several platforms. */
  joinBuilt(order: JoinOrder, signal: AbortSignal): Promise<StoredBuild> {
    return joinBuiltImages(this.parts, order, signal);
  }

  /** For builds: nothing is collected while the work is under way. */
  uncollected<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.parts.garbage.uncollected(work, signal);
  }

  /** For builds: what another machine's builds have put there. */
  async readShared(place: NamedPlace, signal: AbortSignal): Promise<SharedLayers> {
    if (place.kind === 'folder') return this.exchange.read(place, signal);
    const reference = withDefaultTag(parseReference(place.reference));
    const credentials = await this.credentialsFor(reference, place.credentials, signal);
    return this.exchange.read({ kind: 'registry', reference, credentials }, signal);
  }

  /** For builds: puts layers where other machines' builds find them. Nothing is collected meanwhile. */
  async writeShared(place: NamedPlace, order: SharedLayersOrder, signal: AbortSignal): Promise<string> {
    const write = async (): Promise<string> => {
      if (place.kind === 'folder') return this.exchange.write(place, order, signal);
      const reference = pushReference(place.reference);
      const credentials = await this.credentialsFor(reference, place.credentials, signal);
      return this.exchange.write({ kind: 'registry', reference, credentials }, order, signal);
    };
    return this.parts.garbage.uncollected(write, signal);
  }

  /** For containers: an image of their files. */
  commit(order: CommitOrder, signal: AbortSignal): Promise<CommittedImage> {
    return this.committer.commit(order, signal);
  }

  /** At the engine's start; what needs the agent is done in the background, once `ready` resolves. */
  beginUpkeep(ready: (signal: AbortSignal) => Promise<void>): void {
    this.upkeep.begin(ready);
  }

  /** A container that was made from the image is gone: with the last one may go what only it kept. */
  released(imageId: string): void {
    const id = parseDigest(imageId);
    const image = this.parts.catalog.get(id);
    const isKept = image !== undefined && !image.removeWhenUnused;
    if (!isKept && this.parts.use.usersOf(id).length === 0) this.upkeep.collectSoon();
  }

  /** ChainIDs of all images. */
  layersInUse(): ReadonlySet<Digest> {
    return this.storage.layersInUse();
  }

  /** Deletes what no image needs any more. */
  collectGarbage(): Promise<{ readonly freedBytes: number }> {
    return this.upkeep.collect(this.upkeep.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.upkeep[Symbol.asyncDispose]();
  }

  /** Those of the request, else those that the person has signed in with. */
  private async credentialsFor(
    { domain }: Reference,
    given: Credentials | undefined,
    signal: AbortSignal,
  ): Promise<Credentials | undefined> {
    return given ?? (await this.parts.signIns.find(domain, signal)) ?? undefined;
  }
}
