export { type DataFolder, openDataFolder } from './data-folder.ts';
export { diskError, diskFull, errnoOf, isDiskFull } from './disk-error.ts';
export { syncDirectory, TEMPORARY_PREFIX, writeDurably } from './durable-file.ts';
export { type QuarantinedRecord, RecordStore, type RecordStoreOptions } from './record-store.ts';
