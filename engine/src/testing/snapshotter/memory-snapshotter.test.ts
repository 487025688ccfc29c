import { MemorySnapshotter } from './memory-snapshotter.ts';
import { snapshotterContract } from './snapshotter-contract.ts';

snapshotterContract('the one in memory', () =>
  Promise.resolve({
    snapshotter: new MemorySnapshotter(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
);
