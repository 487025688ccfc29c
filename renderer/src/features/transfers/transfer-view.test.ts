import { describe, expect, it } from 'vitest';
import type { ImageSummary, PullProgress } from '@longshore/engine/types';
import { believableImages } from '../../testing/fake-data.ts';
import type { Pull } from './pull-store.ts';
import { pullingRows, withoutPulled } from './pulling.ts';

const [image] = believableImages() as [ImageSummary];
const reference = image.references[0] ?? '';
const done: PullProgress = { stage: 'done', reference, manifestDigest: image.id, image, upToDate: false };
const pull: Pull = {
  requested: reference,
  startedAt: 0,
  progress: undefined,
  samples: [],
  error: undefined,
  listed: false,
};

/** What stands in the list under this name: its pull, its image, or both. */
const rowsOf = (now: Pull, images: readonly ImageSummary[]) => {
  const rows = pullingRows([now], []);
  return [...rows.map(() => 'pull'), ...withoutPulled(images, rows).map(() => 'image')];
};

describe('the row of a pull', () => {
  it.each<[string, Pull, readonly ImageSummary[]]>([
    ['under way', pull, []],
    ['under way, its image in the list already', pull, [image]],
    ['done, the list not read since', { ...pull, progress: done }, []],
    ['done, the list just read', { ...pull, progress: done }, [image]],
  ])('stands alone: %s', (_when, now, images) => expect(rowsOf(now, images)).toEqual(['pull']));

  it('gives way to the image', () => {
    expect(rowsOf({ ...pull, progress: done, listed: true }, [image])).toEqual(['image']);
  });

  it('that failed leaves the image that was there before', () => {
    expect(rowsOf({ ...pull, error: new Error('no route') }, [image])).toEqual(['pull', 'image']);
  });
});
