import { describeFiles } from './describe-files.ts';
import { FakeFiles } from './fake-files.ts';
import { FakeTree } from './fake-tree.ts';

describeFiles('those in memory', async () => {
  const files = new FakeFiles();
  return {
    files,
    target: (id) => ({ id, rootfs: { chainIds: [], readOnly: false } }),
    volume: async (volume) => {
      files.volumes.set(volume, new FakeTree([]));
      return { volume };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
});
