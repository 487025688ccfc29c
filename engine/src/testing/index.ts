export { HastyClock, ManualClock } from './clock/manual-clock.ts';
export type { Fault, FaultRule } from './registry/fault.ts';
export {
  type LayerFiles,
  stored,
  storedJson,
  type StoredBytes,
  testImage,
  type TestImage,
  type TestImageOptions,
  testIndex,
  testLayer,
  type TestLayer,
} from './registry/test-image.ts';
export { type RecordedRequest, type TestAuth, TestRegistry } from './registry/test-registry.ts';
export { MemorySnapshotter } from './snapshotter/memory-snapshotter.ts';
