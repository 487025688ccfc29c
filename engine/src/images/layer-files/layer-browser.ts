import type { ContentStore } from '../../content/index.ts';
import { EngineError } from '../../errors/index.ts';
import type { Snapshotter } from '../../snapshots/index.ts';
import type { ImageFileDifference, ImageFileOrigin, ImageLayerFile } from '../../types/index.ts';
import type { Catalog } from '../catalog.ts';
import type { Garbage } from '../garbage.ts';
import { leaseOf, type Leases } from '../leases.ts';
import { findImage } from '../lookup.ts';
import type { ImageRecord, LayerRecord } from '../records.ts';
import { differences } from './differences.ts';
import { readTrees } from './image-tree.ts';
import { type LayerEntry, layerEntries } from './layer-entries.ts';
import { concerns, pathOf } from './layer-file.ts';

export interface LayerBrowserParts {
  readonly catalog: Catalog;
  readonly content: ContentStore;
  readonly garbage: Garbage;
  readonly leases: Leases;
  readonly snapshotter: Pick<Snapshotter, 'decompress'>;
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
    const layer = this.layerOf(imageText, layerText);
    let batch: ImageLayerFile[] = [];
    for await (const { file } of this.entriesOf(layer, signal)) {
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
      for await (const { file } of this.entriesOf(layer, signal))
        if (concerns(file, path)) said = moreOf(said, file);
      if (said !== undefined) yield { layerIndex, layer: { digest, diffId }, file: said };
    }
  }

  /** Both images stay while they are read. */
  async *diff(
    imageText: string,
    otherText: string,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ImageFileDifference[], void, undefined> {
    const { catalog, garbage, leases } = this.parts;
    const { image } = findImage(catalog, imageText);
    const { image: other } = findImage(catalog, otherText);
    const leased: ImageRecord[] = [];
    try {
      for (const each of [image, other]) {
        await garbage.protect(leaseOf(each), signal);
        leased.push(each);
      }
      const [before, after] = await readTrees(image, other, (layer) => this.entriesOf(layer, signal));
      yield* inBatches(differences(before, after), BATCH);
    } finally {
      for (const { manifest } of leased) await leases.release(manifest.digest, true);
    }
  }

  /** Of the file at `path`, or of the one that this is a further name of, in the same layer. */
  async *content(
    imageText: string,
    layerText: string,
    path: string,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const layer = this.layerOf(imageText, layerText);
    let wanted = pathOf(path);
    // The first name of a file comes before the others in every archive: one more reading finds it.
    for (let readings = 0; readings < 2; readings += 1) {
      let first: string | undefined;
      for await (const { file, content } of this.entriesOf(layer, signal)) {
        if (file.path !== wanted || file.change !== 'present' || file.type !== 'file') continue;
        if (file.linkTarget === null) {
          yield* content;
          return;
        }
        first = file.linkTarget;
        break;
      }
      if (first === undefined) break;
      wanted = first;
    }
    throw noFile(wanted);
  }

  private layerOf(imageText: string, layerText: string): LayerRecord {
    const { image } = findImage(this.parts.catalog, imageText);
    const layer = image.layers.find(({ digest, diffId }) => digest === layerText || diffId === layerText);
    if (layer === undefined) throw noLayer(layerText);
    return layer;
  }

  private entriesOf(layer: LayerRecord, signal: AbortSignal): AsyncIterable<LayerEntry> {
    const { content, snapshotter } = this.parts;
    return layerEntries({ path: content.pathOf(layer.digest), layer, snapshotter, signal });
  }
}

function* inBatches<T>(items: Iterable<T>, size: number): Generator<readonly T[], void, undefined> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** What a layer brings stays, even if the same layer takes away what was there before. */
function moreOf(said: ImageLayerFile | undefined, file: ImageLayerFile): ImageLayerFile {
  return said?.change === 'present' && file.change !== 'present' ? said : file;
}

function noFile(path: string): EngineError {
  return new EngineError('not-found', `The layer has no file ${path.slice(0, 200)}.`, {
    detail: { step: 'layer', path: path.slice(0, 200) },
  });
}

function noLayer(text: string): EngineError {
  return new EngineError('not-found', `The image has no layer ${text.slice(0, 100)}.`, {
    detail: { step: 'layer', path: text.slice(0, 100) },
    hint: 'A layer is named by its digest or its DiffID, which longshore inspect tells.',
  });
}
