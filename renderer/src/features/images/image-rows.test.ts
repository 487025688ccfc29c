import { describe, expect, it } from 'vitest';
import type { ImageSummary } from '@longshore/engine/types';
import { believableImages } from '../../testing/fake-data.ts';
import { chosenImages, rowName, rowsBelow, treeRows } from './image-rows.ts';

const [some] = believableImages() as [ImageSummary];
const image = (
  id: string,
  references: readonly string[],
  repoDigests: readonly string[] = [],
): ImageSummary => ({
  ...some,
  id,
  references,
  repoDigests,
});

describe('the tree of repositories', () => {
  const rows = treeRows([
    image('a', ['app:1', 'app:latest', 'mirror.local/app:1']),
    image('b', ['app:2']),
    image('c', ['localhost:5000/tool:1']),
    image('d', []),
    image('e', [], ['app@sha256:1']),
  ]);

  it('has a row for each repository, an image alone in its own, and those that nobody knows', () => {
    expect(rows.map(rowName)).toEqual(['app', 'mirror.local/app:1', 'localhost:5000/tool:1', 'd']);
  });

  it('has the images of a repository below it, by their names there', () => {
    const below = rows.flatMap(rowsBelow);
    expect(below.map((row) => row.kind === 'image' && row.references)).toEqual([
      ['app:1', 'app:latest'],
      ['app:2'],
      [],
    ]);
  });

  it('chooses each image once', () => {
    const all = [...rows, ...rows.flatMap(rowsBelow)];
    expect(chosenImages(all).map(({ id }) => id)).toEqual(['a', 'b', 'e', 'c', 'd']);
  });
});
