export type {
  LayerSource,
  Snapshot,
  Snapshotter,
  SnapshotterCallOptions,
  UnpackedLayer,
  UnpackOptions,
} from './snapshotter.ts';
