import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gzipInParallel } from './parallel-gzip.ts';

const MIB = 1024 * 1024;

async function* inPieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function gzip(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of gzipInParallel(source, 6)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('gzip on several threads', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.from('x')],
    ['exactly one block', randomBytes(MIB)],
    ['many blocks and a rest', Buffer.concat([randomBytes(3 * MIB), Buffer.alloc(7 * MIB + 5, 'ahoy')])],
  ])('of %s is read by any gunzip', async (_, bytes) => {
    expect(gunzipSync(await gzip(inPieces(bytes, 100_000))).equals(bytes)).toBe(true);
  });

  it('is the same however the bytes arrive', async () => {
    const bytes = Buffer.concat([randomBytes(MIB), Buffer.alloc(2 * MIB)]);
    const whole = await gzip(inPieces(bytes, bytes.length));
    expect((await gzip(inPieces(bytes, 777))).equals(whole)).toBe(true);
    expect(whole.length).toBeLessThan(1.01 * MIB);
  });

  it('fails as its source does', async () => {
    const broken = (async function* () {
      yield randomBytes(3 * MIB);
      throw new Error('the disk broke');
    })();
    await expect(gzip(broken)).rejects.toThrow('the disk broke');
  });
});
