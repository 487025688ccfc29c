import { describe, expect, it } from 'vitest';
import type { ImagePull, ImageSummary, Task } from '@longshore/engine/types';
import { believableImages } from '../../testing/fake-data.ts';
import { newTransfer, type Transfer } from './transfer.ts';
import { inList, transferViews, withoutComing } from './transfer-view.ts';

const [image] = believableImages() as [ImageSummary];
const reference = image.references[0] ?? '';
const pull: Transfer = newTransfer('pull', reference, {});
const done: Transfer = { ...pull, result: { kind: 'pull', image, upToDate: false } };
const paused: ImagePull = {
  id: 'p1',
  reference,
  platform: { os: 'linux', architecture: 'amd64' },
  status: 'paused',
  task: null,
  progress: null,
  error: null,
  manifestDigest: 'sha256:1',
  sizeBytes: 200,
  downloadedBytes: 50,
  startedAt: '2026-01-01T00:00:00Z',
  expiresAt: '2026-01-08T00:00:00Z',
};

/** What stands in the list under this name: its pull, its image, or both. */
const rowsOf = (now: Transfer, images: readonly ImageSummary[]) => {
  const rows = transferViews([now], [], []).filter(inList);
  return [...rows.map(() => 'pull'), ...withoutComing(images, rows).map(() => 'image')];
};

describe('the row of a pull', () => {
  it.each<[string, Transfer, readonly ImageSummary[]]>([
    ['under way', pull, []],
    ['under way, its image in the list already', pull, [image]],
    ['done, the list not read since', done, []],
    ['done, the list just read', done, [image]],
  ])('stands alone: %s', (_when, now, images) => expect(rowsOf(now, images)).toEqual(['pull']));

  it('gives way to the image', () => {
    expect(rowsOf({ ...done, listed: true }, [image])).toEqual(['image']);
  });

  it('that failed leaves the image that was there before', () => {
    expect(rowsOf({ ...pull, error: new Error('no route') }, [image])).toEqual(['pull', 'image']);
  });
});

describe('what the engine tells', () => {
  it('adds the pulls that others began, and how much of them is there', () => {
    const [view] = transferViews([], [paused], []);
    expect(view).toMatchObject({ state: 'paused', pull: 'p1', totals: { fraction: 0.25 } });
  });

  it('is told once: of a pull that this page knows as well, only what can be done about it', () => {
    const views = transferViews(
      [{ ...pull, error: new Error('cut') }],
      [{ ...paused, status: 'failed' }],
      [],
    );
    expect(views).toMatchObject([{ state: 'failed', pull: 'p1', expiresAt: paused.expiresAt }]);
  });

  it('is another pull when it is for another platform', () => {
    const arm = { ...paused, platform: { os: 'linux', architecture: 'arm64' } };
    const views = transferViews([{ ...pull, platform: paused.platform }], [arm], []);
    expect(views.map(({ state }) => state)).toEqual(['paused', 'asking']);
  });

  it('adds the pushes that others began', () => {
    const task: Task = {
      id: 't1',
      kind: 'image-push',
      subject: reference,
      startedAt: '2026-01-01T00:00:00Z',
      endedAt: null,
      status: 'running',
      fraction: 0.5,
      error: null,
    };
    expect(transferViews([], [], [task])).toMatchObject([{ kind: 'push', state: 'moving', task: 't1' }]);
    expect(transferViews([newTransfer('push', reference, {})], [], [task])).toHaveLength(1);
  });
});
