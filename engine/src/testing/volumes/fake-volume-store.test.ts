import { FakeTree, file, folder } from '../runtime/fake-tree.ts';
import { describeVolumeStore } from './describe-volume-store.ts';
import { FakeVolumeStore } from './fake-volume-store.ts';

describeVolumeStore('the one in memory', async () => {
  const store = new FakeVolumeStore();
  store.image.set(
    '/etc',
    new FakeTree([
      ['/passwd', file('root')],
      ['/init.d', folder()],
    ]),
  );
  return {
    store,
    files: store.files,
    chainIds: ['sha256:1'],
    filled: { path: '/etc', name: 'passwd' },
    [Symbol.asyncDispose]: async () => undefined,
  };
});
