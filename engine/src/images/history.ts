import type { ImageConfig } from '../oci/index.ts';
import type { ImageHistoryLine } from '../types/index.ts';
import type { ImageRecord } from './records.ts';

/**
 * What was done to make an image, latest first, each with the layer that it made. A maker that left lines out made
 * layers all the same: those come as lines without words.
 */
export function historyOf(
  image: ImageRecord,
  config: ImageConfig,
  references: readonly string[],
): readonly ImageHistoryLine[] {
  const layers = [...image.layers];
  const told = config.history.map(({ createdAt, createdBy, comment, emptyLayer }) => ({
    createdAt,
    createdBy,
    comment,
    layer: emptyLayer ? undefined : layers.shift(),
  }));
  const untold = layers.map((layer) => ({ createdAt: null, createdBy: '', comment: '', layer }));
  return [...told, ...untold].reverse().map(({ layer, ...line }, index) => ({
    ...line,
    imageId: index === 0 ? image.id : null,
    references: index === 0 ? references : [],
    layer: layer === undefined ? null : { digest: layer.digest, diffId: layer.diffId },
    sizeBytes: layer?.usageBytes ?? 0,
  }));
}
