import { expect, it } from 'vitest';
import type { ImageLayerFile } from '../../../types/index.ts';
import { layerFileLine } from './layer-file-line.ts';

const file = (more: Partial<ImageLayerFile>): ImageLayerFile => ({
  path: '/bin/su',
  change: 'present',
  type: 'file',
  sizeBytes: 1234,
  mode: 0o104755,
  modifiedAt: '2026-01-02T03:04:05.000Z',
  uid: 0,
  gid: 10,
  linkTarget: null,
  ...more,
});

it.each([
  [{}, '-rwsr-xr-x 0:10            1234 2026-01-02 03:04 /bin/su'],
  [{ type: 'directory', mode: 0o041777 }, 'drwxrwxrwt 0:10            1234 2026-01-02 03:04 /bin/su'],
  [{ mode: 0o102644 }, '-rw-r-Sr-- 0:10            1234 2026-01-02 03:04 /bin/su'],
  [
    { type: 'link', mode: 0o120777, linkTarget: 'busybox' },
    'lrwxrwxrwx 0:10            1234 2026-01-02 03:04 /bin/su -> busybox',
  ],
  [{ mode: 0o100644, linkTarget: '/a' }, '-rw-r--r-- 0:10            1234 2026-01-02 03:04 /bin/su = /a'],
  [{ change: 'deleted' }, '(deleted)  /bin/su'],
] satisfies [Partial<ImageLayerFile>, string][])('a file of a layer, %j, is told as %s', (more, line) => {
  expect(layerFileLine(file(more))).toBe(line);
});
