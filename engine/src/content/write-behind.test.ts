import { describe, expect, it } from 'vitest';
import { WriteBehind } from './write-behind.ts';

const KIB = 1024;

/** Writes into memory; `held` until released. */
class Disk {
  readonly batches: Buffer[] = [];
  private readonly gates: (() => void)[] = [];

  readonly write = async (chunks: readonly Uint8Array[]): Promise<void> => {
    await new Promise<void>((resolve) => this.gates.push(resolve));
    this.batches.push(Buffer.concat(chunks));
  };

  /** Lets all writes end, now and from here on. */
  release(): void {
    for (const open of this.gates.splice(0)) open();
    this.gates.push = (...gates) => {
      for (const open of gates) open();
      return 0;
    };
  }
}

const chunks = Array.from({ length: 100 }, (_, index) => Buffer.alloc(64 * KIB, index));

describe('writing behind', () => {
  it('keeps the order and loses nothing, in fewer pieces than were added', async () => {
    const disk = new Disk();
    disk.release();
    const behind = new WriteBehind(disk.write);
    for (const chunk of chunks) await behind.add(chunk);
    await behind.end();
    expect(Buffer.concat(disk.batches).equals(Buffer.concat(chunks))).toBe(true);
    expect(disk.batches.length).toBeLessThan(chunks.length / 4);
  });

  it('takes no more while too much waits for the disk', async () => {
    const disk = new Disk();
    const behind = new WriteBehind(disk.write);
    let added = 0;
    const adding = (async () => {
      for (const chunk of chunks) {
        await behind.add(chunk);
        added++;
      }
    })();
    await new Promise((resolve) => setImmediate(resolve));
    expect(added).toBe(64);
    disk.release();
    await adding;
    await behind.end();
    expect(Buffer.concat(disk.batches).length).toBe(100 * 64 * KIB);
  });

  it('tells a failure of the disk, and writes nothing after it', async () => {
    let writes = 0;
    const behind = new WriteBehind(() => {
      writes++;
      return Promise.reject(new Error('the disk is full'));
    });
    const adding = (async () => {
      for (const chunk of chunks) await behind.add(chunk);
    })();
    await expect(adding).rejects.toThrow('the disk is full');
    await expect(behind.end()).rejects.toThrow('the disk is full');
    expect(writes).toBe(1);
  });

  it('ends at once when nothing was added', async () => {
    await expect(new WriteBehind(() => Promise.reject(new Error('unused'))).end()).resolves.toBeUndefined();
  });
});
