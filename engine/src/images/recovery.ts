import type { Report } from '../background.ts';
import type { ContentStore, IndexedImage } from '../content/index.ts';
import { isEngineError } from '../errors/index.ts';
import type { EventBus } from '../events/index.ts';
import { parseImageConfig, parseManifest } from '../oci/index.ts';
import type { Snapshot, Snapshotter } from '../snapshots/index.ts';
import type { Catalog } from './catalog.ts';
import { layersOf, toLayerRecord } from './layers.ts';
import type { ImageRecord } from './records.ts';
import { recoverOrigin } from './recovered-origin.ts';

export interface RecoveryParts {
  readonly catalog: Catalog;
  readonly content: ContentStore;
  readonly snapshotter: Snapshotter;
  readonly events: EventBus;
  readonly report: Report;
}

/**
 * Makes damaged image records anew from what index.json lists, where manifest, config and all layers are whole. The index
 * that an image came in is remembered as well. What the content does not tell is lost: the repository digests. Other damaged records stay in quarantine, until the
 * image is pulled again.
 */
export async function recoverImages(parts: RecoveryParts, signal: AbortSignal): Promise<void> {
  if (parts.catalog.isIncomplete) await recoverWhole(parts, signal);
  if (parts.catalog.isIncomplete) {
    parts.report('The record of an image is damaged and its content not whole: pull the image again.');
  }
}

async function recoverWhole(parts: RecoveryParts, signal: AbortSignal): Promise<void> {
  const { catalog, events, report } = parts;
  const listed = await parts.snapshotter.list({ signal });
  const snapshots = new Map(listed.map((snapshot) => [snapshot.chainId, snapshot]));
  for (const listedImage of catalog.withoutRecord) {
    const image = await imageOf(parts.content, listedImage, snapshots);
    if (image === null || !(await catalog.exclusive(() => catalog.restore(image)))) continue;
    const [name = image.id] = catalog.familiarReferencesOf(image.id);
    events.publish({ type: 'image', action: 'import', id: image.id, reference: name });
    report(`The damaged record of the image ${name} was made anew from its manifest and config.`);
  }
}

/** Null when some of it is missing or damaged. */
async function imageOf(
  content: ContentStore,
  { manifest: descriptor, source }: IndexedImage,
  snapshots: ReadonlyMap<string, Snapshot>,
): Promise<ImageRecord | null> {
  try {
    const manifest = parseManifest(await content.read(descriptor.digest), descriptor.mediaType);
    if (manifest.kind !== 'manifest') return null;
    const config = parseImageConfig(await content.read(manifest.config.digest));
    const layers: ImageRecord['layers'] = [];
    for (const layer of layersOf(manifest, config)) {
      const snapshot = snapshots.get(layer.chainId);
      if (snapshot === undefined || !(await content.has(layer))) return null;
      layers.push(toLayerRecord(layer, snapshot.usageBytes));
    }
    return {
      id: manifest.config.digest,
      manifest: descriptor,
      platform: config.platform,
      ...(source !== null && (await recoverOrigin(content, source, descriptor.digest))),
      repoDigests: [],
      layers,
      createdAt: config.createdAt,
      labels: config.run.labels,
      removeWhenUnused: false,
    };
  } catch (thrown) {
    if (isEngineError(thrown)) return null;
    throw thrown;
  }
}
