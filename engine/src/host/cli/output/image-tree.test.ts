import { expect, it } from 'vitest';
import type { ImageSummary } from '../../../types/index.ts';
import { imageTree } from './image-tree.ts';

const amd64 = { os: 'linux', architecture: 'amd64' };
const id = (digit: string) => `sha256:${digit.repeat(64)}`;

const image: ImageSummary = {
  id: id('1'),
  references: ['debian:12', 'debian:bookworm'],
  repoDigests: [],
  createdAt: null,
  sizeBytes: 5_000_000,
  uniqueBytes: 5_000_000,
  platform: amd64,
  platforms: [
    { platform: amd64, manifestDigest: id('a'), id: id('1'), sizeBytes: 3_000_000 },
    {
      platform: { os: 'linux', architecture: 'arm64' },
      manifestDigest: id('b'),
      id: id('2'),
      sizeBytes: 2_000_000,
    },
    {
      platform: { os: 'linux', architecture: 'arm', variant: 'v7' },
      manifestDigest: id('c'),
      id: null,
      sizeBytes: 0,
    },
  ],
  labels: {},
  usedBy: ['web'],
};

it('the tree of images has the names of each, and its platforms, those that are not here as well', () => {
  const { platforms: _, ...alone } = { ...image, references: [], usedBy: [] };
  expect(imageTree([image, alone], true)).toEqual([
    'IMAGE             ID             DISK USAGE   IN USE',
    'debian:12         111111111111   5MB          yes',
    'debian:bookworm',
    '├─ linux/amd64    111111111111   3MB',
    '├─ linux/arm64    222222222222   2MB',
    '└─ linux/arm/v7   not here',
    '<untagged>        111111111111   5MB',
    '└─ linux/amd64    111111111111   5MB',
  ]);
});
