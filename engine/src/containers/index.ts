export { containerSpec } from './container-spec.ts';
export { Containers } from './containers.ts';
export type { ContainerImage, ImageSource } from './image-source.ts';
export type { ContainersOptions, TaskRunner } from './parts.ts';
export { maskedPaths } from './protected-paths.ts';
export type { ContainerRecord } from './record.ts';
export { containerRecordSchema } from './record-schema.ts';
export { runRequest } from './run-request.ts';
export type { HostTraits } from './runtime-spec.ts';
