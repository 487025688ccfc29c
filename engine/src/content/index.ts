export { ContentStore, type ContentStoreOptions } from './content-store.ts';
export { digestOf } from './hash.ts';
export type { Ingest } from './ingest.ts';
export type { IndexedImage } from './layout-index.ts';
export type { PartialBlob } from './partial-blobs.ts';
export { WriteBehind } from './write-behind.ts';
