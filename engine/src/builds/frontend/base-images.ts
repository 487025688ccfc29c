import type { BuildRequest } from '../../contract/index.ts';
import { EngineError, isEngineError } from '../../errors/index.ts';
import { parseReference } from '../../oci/index.ts';
import type { Platform } from '../../types/index.ts';
import type { BuildImages } from '../build-parts.ts';
import { type BaseImage, readBaseDocument } from './base-image.ts';

export interface BaseImagesOptions {
  readonly request: BuildRequest;
  /** The layers stay until the build has ended. */
  readonly pin: (chainIds: readonly string[]) => void;
  readonly say: (message: string) => void;
  readonly signal: AbortSignal;
}

/** The images that a build stands on: those that are here, and those that are pulled for it. */
export class BaseImages {
  private readonly images: BuildImages;
  private readonly request: BuildRequest;
  private readonly pin: BaseImagesOptions['pin'];
  private readonly say: BaseImagesOptions['say'];
  private readonly signal: AbortSignal;

  constructor(images: BuildImages, { request, pin, say, signal }: BaseImagesOptions) {
    this.images = images;
    this.request = request;
    this.pin = pin;
    this.say = say;
    this.signal = signal;
  }

  /** Unless the request asks for it anew, as it is here. */
  async bring(reference: string, platform: Platform): Promise<BaseImage> {
    const here = this.request.pull ? null : await this.imageHere(reference, platform);
    if (here !== null) return here;
    const { variant, ...rest } = platform;
    const request = { reference, platform: { ...rest, ...(variant !== undefined && { variant }) } };
    const credentials = this.request.credentials[parseReference(reference).domain];
    const options = { insecure: false, background: false, ...(credentials && { credentials }) };
    for await (const progress of this.images.pull({ ...request, ...options }, { signal: this.signal })) {
      if (progress.stage === 'resolving') this.say(`pulling ${reference}`);
    }
    const pulled = await this.imageHere(reference, platform);
    if (pulled !== null) return pulled;
    throw new EngineError('not-found', `There is no image ${reference} for this platform.`, {
      detail: { step: 'image', path: reference },
    });
  }

  private async imageHere(reference: string, platform: Platform): Promise<BaseImage | null> {
    try {
      const { id, layers, config } = await this.images.baseOf(reference, platform);
      const document = readBaseDocument(config);
      if (document.os !== platform.os || document.architecture !== platform.architecture) return null;
      const root = layers.map(({ diffId, chainId, usageBytes }) => ({
        diffId,
        chainId,
        usageBytes,
        createdAt: null,
      }));
      this.pin(root.map(({ chainId }) => chainId));
      return { id, root, document };
    } catch (thrown) {
      if (isEngineError(thrown, 'not-found')) return null;
      throw thrown;
    }
  }
}
