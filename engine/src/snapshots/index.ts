export type { LayerSource, Snapshot, Snapshotter, UnpackedLayer, UnpackOptions } from './snapshotter.ts';
