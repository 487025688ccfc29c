import type { ContentStore } from '../../content/index.ts';
import { EngineError } from '../../errors/index.ts';
import type { ImageFileOrigin, ImageLayerFile } from '../../types/index.ts';
import type { Catalog } from '../catalog.ts';
import type { Garbage } from '../garbage.ts';
import { leaseOf, type Leases } from '../leases.ts';
import { findImage } from '../lookup.ts';
import type { ImageRecord, LayerRecord } from '../records.ts';
import { layerEntries } from './layer-entries.ts';
import { concerns, pathOf } from './layer-file.ts';

export interface LayerBrowserParts {
  readonly catalog: Catalog;
  readonly content: ContentStore;
  readonly garbage: Garbage;
  readonly leases: Leases;
}

/** As much as a message of the door should carry. */
const BATCH = 500;

/** Looks into the layers of images, by their archives: what each has, and which one a file is from. */
export class LayerBrowser {
  private readonly parts: LayerBrowserParts;

  constructor(parts: LayerBrowserParts) {
    this.parts = parts;
  }

  async *files(
    imageText: string,
    layerText: string,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ImageLayerFile[], void, undefined> {
    const { image } = findImage(this.parts.catalog, imageText);
    const layer = image.layers.find(({ digest, diffId }) => digest === layerText || diffId === layerText);
    if (layer === undefined) throw noLayer(layerText);
    let batch: ImageLayerFile[] = [];
    for await (const file of this.entriesOf(layer, signal)) {
      batch.push(file);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  /** The image stays while it is read: layer after layer takes its time. */
  async *origins(
    imageText: string,
    path: string,
    signal: AbortSignal,
  ): AsyncGenerator<ImageFileOrigin, void, undefined> {
    const { catalog, garbage, leases } = this.parts;
    const { image } = findImage(catalog, imageText);
    await garbage.protect(leaseOf(image), signal);
    try {
      yield* this.originsIn(image, pathOf(path), signal);
    } finally {
      await leases.release(image.manifest.digest, true);
    }
  }

  private async *originsIn(
    { layers }: ImageRecord,
    path: string,
    signal: AbortSignal,
  ): AsyncGenerator<ImageFileOrigin, void, undefined> {
    for (const [below, layer] of [...layers].reverse().entries()) {
      const { digest, diffId } = layer;
      const layerIndex = layers.length - 1 - below;
      // Later entries of an archive stand in the place of earlier ones.
      let said: ImageLayerFile | undefined;
      for await (const file of this.entriesOf(layer, signal))
        if (concerns(file, path)) said = moreOf(said, file);
      if (said !== undefined) yield { layerIndex, layer: { digest, diffId }, file: said };
    }
  }

  private entriesOf(layer: LayerRecord, signal: AbortSignal): AsyncIterable<ImageLayerFile> {
    return layerEntries(this.parts.content.pathOf(layer.digest), layer, signal);
  }
}

/** What a layer brings stays, even if the same layer takes away what was there before. */
function moreOf(said: ImageLayerFile | undefined, file: ImageLayerFile): ImageLayerFile {
  return said?.change === 'present' && file.change !== 'present' ? said : file;
}

function noLayer(text: string): EngineError {
  return new EngineError('not-found', `The image has no layer ${text.slice(0, 100)}.`, {
    detail: { step: 'layer', path: text.slice(0, 100) },
    hint: 'A layer is named by its digest or its DiffID, which longshore inspect tells.',
  });
}
