import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestHex } from '../oci/index.ts';
import { ManualClock } from '../testing/clock/manual-clock.ts';
import { ContentStore } from './content-store.ts';
import { digestOf } from './hash.ts';

let root: string;
let clock: ManualClock;
let store: ContentStore;
const signal = new AbortController().signal;
const bytes = new TextEncoder().encode('a blob of some bytes');
const blob = { digest: digestOf(bytes), size: bytes.byteLength };

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'longshore-content-'));
  clock = new ManualClock(new Date());
  store = await open();
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

function open(): Promise<ContentStore> {
  return ContentStore.open({
    directory: join(root, 'content'),
    ingestDirectory: join(root, 'ingest'),
    clock,
  });
}

describe('a small blob', () => {
  it('is kept when it has its digest and size', async () => {
    await store.put(blob, bytes);
    await store.put(blob, bytes);
    expect(await store.read(blob.digest)).toEqual(Buffer.from(bytes));
    expect(await store.list()).toEqual([blob.digest]);
    expect(await store.remove([blob.digest, digestOf('unknown')])).toBe(blob.size);
    await expect(store.read(blob.digest)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is refused when it has not', async () => {
    for (const wrong of [bytes.slice(1), new Uint8Array(bytes.byteLength)]) {
      await expect(store.put(blob, wrong)).rejects.toMatchObject({ code: 'invalid-argument' });
    }
    expect(await store.list()).toEqual([]);
  });

  it('that the disk has damaged is missing, and gone', async () => {
    await store.put(blob, bytes);
    await writeFile(store.pathOf(blob.digest), new Uint8Array(bytes.byteLength));
    await expect(store.read(blob.digest)).rejects.toMatchObject({ code: 'not-found' });
    expect(await store.has(blob)).toBe(false);
  });
});

describe('a blob that arrives slowly', () => {
  it('appears when it is committed, not before', async () => {
    const ingest = (await store.ingest(blob, signal))!;
    await ingest.write([bytes.subarray(0, 5)]);
    await ingest.write([bytes.subarray(5)]);
    expect([ingest.complete, await store.has(blob)]).toEqual([true, false]);
    await ingest.commit();
    expect(await store.has(blob)).toBe(true);
    expect(await readdir(join(root, 'ingest'))).toEqual([]);
    expect(await store.ingest(blob, signal)).toBeNull();
  });

  it('goes on after it was put aside, or after a crash', async () => {
    const first = (await store.ingest(blob, signal))!;
    await first.write([bytes.subarray(0, 5)]);
    await first.suspend();
    const second = (await (await open()).ingest(blob, signal))!;
    expect(second.written).toBe(5);
    await second.write([bytes.subarray(5)]);
    await second.commit();
    expect(await store.read(blob.digest)).toEqual(Buffer.from(bytes));
  });

  it('begins anew when there is more than it can have', async () => {
    await writeFile(join(root, 'ingest', `${digestHex(blob.digest)}.part`), new Uint8Array(100));
    const ingest = (await store.ingest(blob, signal))!;
    expect(ingest.written).toBe(0);
    await ingest.discard();
  });

  it('has one writer at a time; the next one waits, or leaves', async () => {
    const first = (await store.ingest(blob, signal))!;
    const abort = new AbortController();
    const impatient = store.ingest(blob, abort.signal);
    const patient = store.ingest(blob, signal);
    abort.abort();
    await expect(impatient).rejects.toMatchObject({ code: 'cancelled' });
    await first.write([bytes]);
    await first.commit();
    expect(await patient).toBeNull();
  });

  it('is forgotten when it was given up, or nobody came back for a week', async () => {
    const ingest = (await store.ingest(blob, signal))!;
    await ingest.write([bytes]);
    await ingest.discard();
    const old = join(root, 'ingest', `${digestHex(blob.digest)}.part`);
    await writeFile(old, 'x');
    const lastWeek = new Date(clock.now().getTime() - 8 * 24 * 60 * 60 * 1000);
    await utimes(old, lastWeek, lastWeek);
    await open();
    expect(await readdir(join(root, 'ingest'))).toEqual([]);
  });

  it('on a full disk fails with words for a person', async ({ skip }) => {
    // /dev/full refuses every write as a full disk does.
    const { Ingest } = await import('./ingest.ts');
    const ingest = await Ingest.open({
      path: '/dev/full',
      destination: '/',
      size: 10,
      onClosed: () => undefined,
    }).catch(() => skip('this machine has no /dev/full'));
    await expect(ingest.write([new Uint8Array(10)])).rejects.toMatchObject({
      code: 'failed-precondition',
      detail: { errno: 'ENOSPC' },
    });
  });
});

describe('the folder', () => {
  it('is an OCI image layout', async () => {
    const layout = JSON.parse(await readFile(join(root, 'content', 'oci-layout'), 'utf8')) as unknown;
    const index = JSON.parse(await readFile(join(root, 'content', 'index.json'), 'utf8')) as unknown;
    expect([layout, index]).toMatchObject([
      { imageLayoutVersion: '1.0.0' },
      { schemaVersion: 2, manifests: [] },
    ]);
  });

  it('is cleared of what a crash left half-written', async () => {
    await writeFile(join(root, 'content', '.tmp-index.json-1'), '{');
    await writeFile(join(root, 'content', 'blobs', 'sha256', '.tmp-abc-1'), 'x');
    await writeFile(join(root, 'ingest', '.tmp-layer'), 'x');
    await open();
    expect(await readdir(join(root, 'content'))).toEqual(['blobs', 'index.json', 'oci-layout']);
    expect(await store.list()).toEqual([]);
    expect(await readdir(join(root, 'ingest'))).toEqual([]);
  });

  it('is cleared of the folder that an archive was received into', async () => {
    const folder = store.temporaryPath('archive');
    await mkdir(folder);
    await writeFile(join(folder, '0'), 'half of a layer');
    await open();
    expect(await readdir(join(root, 'ingest'))).toEqual([]);
  });
});
