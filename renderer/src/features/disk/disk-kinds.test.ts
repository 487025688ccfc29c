import { describe, expect, it } from 'vitest';
import { fakeStorage } from '../../testing/fake-storage.ts';
import { FakeWorld } from '../../testing/fake-world.ts';
import { DISK_KINDS, itemsOf, sharesOf } from './disk-kinds.ts';

const usageOf = async (world: FakeWorld) =>
  fakeStorage(world).diskUsage({}, { signal: new AbortController().signal });

describe('the shares of the disk', () => {
  it('are the whole, one after another', async () => {
    const shares = sharesOf(await usageOf(new FakeWorld()));
    expect(shares.reduce((sum, { fraction }) => sum + fraction, 0)).toBeCloseTo(1);
    shares.slice(1).forEach((share, index) => {
      const before = shares[index];
      expect(share.start).toBeCloseTo((before?.start ?? 0) + (before?.fraction ?? 0));
    });
  });
});

describe('what takes space', () => {
  it.each(DISK_KINDS)('is listed with a name and its bytes: %s', async (kind) => {
    const usage = await usageOf(new FakeWorld());
    const items = itemsOf(usage, kind);
    expect(items).toHaveLength(usage[kind].items.length);
    for (const item of items) expect(item.name).not.toBe('');
  });
});
