import type { ContentStore } from '../content/index.ts';
import type { EngineHandlers } from '../contract/index.ts';
import {
  familiarReference,
  formatPlatform,
  type ImageConfig,
  parseImageConfig,
  parseReference,
} from '../oci/index.ts';
import type {
  ImageDetails,
  ImageHistoryLine,
  ImageRunConfig,
  ImageSummary,
  Platform,
} from '../types/index.ts';
import type { Catalog } from './catalog.ts';
import { historyOf } from './history.ts';
import type { ImageUse } from './image-use.ts';
import { filterImages, timeOf } from './listing/listing.ts';
import { findImage } from './lookup.ts';
import { type ImageRecord, platformOf } from './records.ts';
import { requestPlatform } from './request-platform.ts';
import { representativeOf } from './siblings.ts';
import { countSharing, detail, summarize } from './summary.ts';

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

/** An image as a build begins with it. */
export interface BaseImageParts {
  readonly id: string;
  /** Lowest first. */
  readonly layers: readonly {
    readonly diffId: string;
    readonly chainId: string;
    readonly usageBytes: number;
  }[];
  readonly config: Uint8Array;
}

export interface InventoryParts {
  readonly catalog: Catalog;
  readonly content: ContentStore;
  readonly use: ImageUse;
}

type Handlers = EngineHandlers['images'];
type InputOf<Verb extends keyof Handlers> = Parameters<Handlers[Verb]>[0];

/** What there is: the images as the contract shows them, and as containers and builds begin with them. */
export class Inventory {
  private readonly parts: InventoryParts;

  constructor(parts: InventoryParts) {
    this.parts = parts;
  }

  async list({ filters = {} }: InputOf<'list'> = {}): Promise<readonly ImageSummary[]> {
    const { catalog, use } = this.parts;
    const { before, since, ...rest } = filters;
    const query = {
      ...rest,
      ...(before !== undefined && { beforeTime: timeOf(findImage(catalog, before).image) }),
      ...(since !== undefined && { sinceTime: timeOf(findImage(catalog, since).image) }),
    };
    const sharing = countSharing(catalog.all());
    const summaries = catalog
      .all()
      .filter((image) => representativeOf(catalog, image).id === image.id)
      .map((image) => summarize(image, catalog, use, sharing));
    return filterImages(summaries.sort(byName), query);
  }

  async inspect({ image: text, platform }: InputOf<'inspect'>): Promise<ImageDetails> {
    const { image } = findImage(this.parts.catalog, text, requestPlatform(platform));
    return detail(image, this.summary(image), await this.configOf(image));
  }

  /** Latest first. */
  async history(input: InputOf<'history'>): Promise<readonly ImageHistoryLine[]> {
    const { catalog } = this.parts;
    const { image } = findImage(catalog, input.image, requestPlatform(input.platform));
    return historyOf(image, await this.configOf(image), catalog.familiarReferencesOf(image.id));
  }

  /**
   * For containers. `claim` hears the id in the moment the image is found: an image that `ImageUse` says to have a user
   * from then on cannot be removed.
   */
  async resolve(
    text: string,
    claim: (imageId: string) => void = () => undefined,
    platform?: InputOf<'inspect'>['platform'],
  ): Promise<ResolvedImage> {
    const { catalog } = this.parts;
    const { image, reference } = findImage(catalog, text, requestPlatform(platform));
    claim(image.id);
    const config = await this.configOf(image);
    const familiar = reference === null ? null : familiarReference(parseReference(reference));
    return {
      id: image.id,
      reference: familiar ?? catalog.familiarReferencesOf(image.id)[0] ?? image.id,
      platform: formatPlatform(platformOf(image)),
      chainIds: image.layers.map(({ chainId }) => chainId),
      config: config.run,
    };
  }

  /** For builds: what an image is made of, as it is here. */
  async baseOf(text: string, platform: Platform): Promise<BaseImageParts> {
    const { image } = findImage(this.parts.catalog, text, platform);
    return { id: image.id, layers: image.layers, config: await this.parts.content.read(image.id) };
  }

  summary(image: ImageRecord): ImageSummary {
    return summarize(image, this.parts.catalog, this.parts.use);
  }

  private async configOf(image: ImageRecord): Promise<ImageConfig> {
    return parseImageConfig(await this.parts.content.read(image.id));
  }
}

/** Images without a name at the end. */
function byName(left: ImageSummary, right: ImageSummary): number {
  return (
    compare(left.references[0] ?? '\uffff', right.references[0] ?? '\uffff') || compare(left.id, right.id)
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
