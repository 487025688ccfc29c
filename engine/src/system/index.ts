export type { BuildCacheFilters, BuildCacheStorage, StorageNouns } from './storage/nouns.ts';
export { Storage } from './storage/storage.ts';
export { System, type SystemOptions } from './system.ts';
export { type TaskContext, Tasks } from './tasks.ts';
