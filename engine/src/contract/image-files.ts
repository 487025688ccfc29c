import { z } from 'zod';
import type { ImageFileDifference, ImageFileOrigin, ImageLayerFile } from '../types/index.ts';
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
  /** The bytes of one file as a layer has it, whichever of its names it is. Ends early when nobody reads on. */
  readFile: stream(z.strictObject({ image: text, layer: text, path: text }), output<Uint8Array>()),
  /** How the files of another image differ from those of this one: by path, in batches. */
  diff: stream(z.strictObject({ image: text, other: text }), output<readonly ImageFileDifference[]>()),
} as const;
