import { z } from 'zod';
import type {
  ImageDetails,
  ImageHistoryLine,
  ImageSummary,
  PrunableImages,
  RemovedImage,
  StarterImage,
} from '../types/index.ts';
import { imageArchives } from './image-archives.ts';
import { imageFiles } from './image-files.ts';
import { imageFilters, imagePruneFilters } from './image-filters.ts';
import { imagePulls } from './image-pulls.ts';
import { imagePush } from './image-push.ts';
import { call, output } from './operation.ts';
import { platformInput, text } from './values.ts';

export const imageQuery = z.strictObject({
  /** A reference, an id, or an unambiguous beginning of an id. */
  image: text,
});

/** Of an image for several platforms, one that is not for this machine. */
export const platformImageQuery = imageQuery.extend({ platform: platformInput.optional() });

/** By reference: untags, and deletes with the last one. By id: all references, only with `force` if several. */
const removeRequest = z.strictObject({
  image: text,
  force: z.boolean().default(false),
  /** Only these of an image for several; its names stay while any is left. */
  platforms: z.array(platformInput).max(64).optional(),
});

export const images = {
  /** By name; those without one at the end. */
  list: call(z.strictObject({ filters: imageFilters.optional() }), output<readonly ImageSummary[]>()),
  inspect: call(platformImageQuery, output<ImageDetails>()),
  /** Latest first. */
  history: call(platformImageQuery, output<readonly ImageHistoryLine[]>()),
  tag: call(z.strictObject({ image: text, reference: text }), output<ImageSummary>()),
  remove: call(removeRequest, output<RemovedImage>()),
  /** Exactly what `prune` with the same filters would do, as things are. */
  prunable: call(imagePruneFilters, output<PrunableImages>()),
  prune: call(imagePruneFilters, output<RemovedImage>()),
  starters: call(z.strictObject({}), output<readonly StarterImage[]>()),
  installStarter: call(z.strictObject({ name: z.enum(['hello', 'busybox']) }), output<ImageSummary>()),
  ...imageArchives,
  ...imageFiles,
  ...imagePulls,
  ...imagePush,
} as const;
