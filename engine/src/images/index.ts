export type { CommitOrder } from './commit/committer.ts';
export type { ImageUse, ImageUser } from './image-use.ts';
export type { BuiltImageOrder, StoredBuild } from './built-image.ts';
export { Images, type ImagesParts } from './images.ts';
export type { BaseImageParts, ResolvedImage } from './inventory.ts';
export type { SharedLayers, SharedLayersOrder } from './layer-exchange.ts';
export type { StarterSources } from './starter/index.ts';
export type { TaskContext, Tasks } from './tasks.ts';
export { SharedWork } from './shared-work.ts';
