import { digestOf } from '../content/index.ts';
import { EngineError } from '../errors/index.ts';
import {
  chainIds,
  type Descriptor,
  type Digest,
  type ImageConfig,
  isConfigType,
  isLayerType,
  type Manifest,
} from '../oci/index.ts';
import type { LayerRecord } from './records.ts';

/** One layer of an image, at its place in the stack. */
export interface Layer extends Descriptor {
  readonly diffId: Digest;
  readonly chainId: Digest;
  readonly parentChainId: Digest | null;
}

/** Lowest first. The manifest's blobs and the config's DiffIDs must go together, else `invalid-argument`. */
export function layersOf(manifest: Manifest, config: ImageConfig): readonly Layer[] {
  if (manifest.layers.length !== config.diffIds.length) {
    throw invalidImage(
      'config',
      `it names ${config.diffIds.length} layers, but the manifest has ${manifest.layers.length}`,
    );
  }
  const chain = chainIds(config.diffIds, digestOf);
  return manifest.layers.flatMap((descriptor, index) => {
    const diffId = config.diffIds[index];
    const chainId = chain[index];
    if (diffId === undefined || chainId === undefined) return [];
    return [{ ...descriptor, diffId, chainId, parentChainId: chain[index - 1] ?? null }];
  });
}

export function toLayerRecord(layer: Layer, usageBytes: number): LayerRecord {
  const { digest, size, mediaType, diffId, chainId } = layer;
  return { digest, size, mediaType, diffId, chainId, usageBytes };
}

/** Documents that are what their digests promise and still make no image. `step`: `manifest` or `config`. */
export function invalidImage(step: string, reason: string): EngineError {
  return new EngineError('invalid-argument', `The image ${step} is not valid: ${reason}.`, {
    detail: { step },
    hint: 'The image is damaged, or was not made by a container tool.',
  });
}

/** Refuses what is no container image, or one whose layers nobody here can unpack. */
export function checkImageTypes(manifest: Manifest): void {
  if (!isConfigType(manifest.config.mediaType)) {
    throw new EngineError('not-implemented', 'This is no container image but another kind of artifact.', {
      detail: { step: 'manifest', path: manifest.config.mediaType },
    });
  }
  const strange = manifest.layers.find((layer) => !isLayerType(layer.mediaType));
  if (strange === undefined) return;
  throw new EngineError('not-implemented', `Layers of the type ${strange.mediaType} cannot be unpacked.`, {
    detail: { step: 'layer', path: strange.digest },
  });
}
