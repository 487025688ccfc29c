import { z } from 'zod';
import type { ImageFileOrigin, ImageLayerFile } from '../types/index.ts';
import { output, stream } from './operation.ts';
import { text } from './values.ts';

/** What is in the layers of images, read from their archives. */
export const imageFiles = {
  /** The files of one layer, in the order of its archive, in batches. */
  layerFiles: stream(
    z.strictObject({
      image: text,
      /** By digest or DiffID. */
      layer: text,
    }),
    output<readonly ImageLayerFile[]>(),
  ),
  /** The layers that brought, changed or deleted a file, uppermost first: what the first says is what a container sees. */
  fileOrigins: stream(z.strictObject({ image: text, path: text }), output<ImageFileOrigin>()),
} as const;
