import { describeFiles } from './describe-files.ts';
import { FakeFiles } from './fake-files.ts';

describeFiles('those in memory', async () => ({
  files: new FakeFiles(),
  target: (id) => ({ id, rootfs: { chainIds: [], readOnly: false } }),
  [Symbol.asyncDispose]: async () => undefined,
}));
