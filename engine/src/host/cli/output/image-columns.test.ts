import { describe, expect, it } from 'vitest';
import type { ImageSummary } from '../../../types/index.ts';
import { imageColumns, imageRows } from './image-columns.ts';
import { formatItems } from './template.ts';

const digest = `sha256:${'d'.repeat(64)}`;

const image = (more: Partial<ImageSummary>): ImageSummary => ({
  id: `sha256:${'1'.repeat(64)}`,
  references: [],
  repoDigests: [],
  createdAt: null,
  sizeBytes: 3_000_000,
  uniqueBytes: 1_000_000,
  platform: { os: 'linux', architecture: 'amd64' },
  labels: {},
  usedBy: [],
  ...more,
});

const lines = (images: readonly ImageSummary[], digests: boolean) =>
  formatItems(imageRows(images, digests), '{{.Repository}} {{.Tag}} {{.Digest}}', imageColumns(true));

describe('the rows of images', () => {
  const pulled = image({
    references: ['127.0.0.1:5000/app:1', '127.0.0.1:5000/app:2', 'other:1'],
    repoDigests: [`127.0.0.1:5000/app@${digest}`, `third@${digest}`],
  });

  it('are one for each tag, and one for a repository that only knows the digest', () => {
    expect(lines([pulled], false)).toEqual([
      '127.0.0.1:5000/app 1 <none>',
      '127.0.0.1:5000/app 2 <none>',
      'other 1 <none>',
      'third <none> <none>',
    ]);
  });

  it('have the digests of their repository', () => {
    expect(lines([pulled], true)).toEqual([
      `127.0.0.1:5000/app 1 ${digest}`,
      `127.0.0.1:5000/app 2 ${digest}`,
      'other 1 <none>',
      `third <none> ${digest}`,
    ]);
  });

  it('is one for an image without any name', () => {
    expect(lines([image({})], true)).toEqual(['<none> <none> <none>']);
  });

  it('tell sizes as docker does', () => {
    const format = '{{.ID}} {{.Size}} {{.UniqueSize}} {{.SharedSize}} {{.CreatedSince}}';
    expect(formatItems(imageRows([image({})], false), format, imageColumns(true))).toEqual([
      '111111111111 3MB 1MB 2MB N/A',
    ]);
  });
});
