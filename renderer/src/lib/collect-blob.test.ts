import { expect, it, vi } from 'vitest';
import { collectBlob } from './collect-blob.ts';

async function* pieces(sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (const [index, size] of sizes.entries()) yield new Uint8Array(size + 1).fill(index).subarray(1);
}

it('has every byte in its order, also of more than the page holds itself', async () => {
  const progress = vi.fn();
  const size = 9 * 1024 * 1024;
  const blob = await collectBlob(pieces([3, size, size, 2]), 'application/x-tar', progress);
  expect(blob.size).toBe(3 + size + size + 2);
  expect(blob.type).toBe('application/x-tar');
  expect(progress.mock.calls).toEqual([[3], [3 + size], [3 + size + size], [5 + size + size]]);
});

it('fails as its source does', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield* pieces([1]);
    throw new Error('the disk is full');
  }
  await expect(collectBlob(broken(), 'application/x-tar', () => undefined)).rejects.toThrow(
    'the disk is full',
  );
});
