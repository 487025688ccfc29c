import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import * as tar from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContainerFiles, VolumeSpec, VolumeStore } from '../../runtime/index.ts';
import { collect } from '../runtime/collect.ts';

/** A store under test, an image to fill volumes from, and the files of its volumes. */
export interface VolumeStoreSubject extends AsyncDisposable {
  readonly store: VolumeStore;
  readonly files: ContainerFiles;
  readonly chainIds: readonly string[];
  /** A directory of the image that is not empty, and a name in it. */
  readonly filled: { readonly path: string; readonly name: string };
}

/** Holds the keeper of volumes' data to what its interface promises; the same for the one in memory and the agent. */
export function describeVolumeStore(name: string, open: () => Promise<VolumeStoreSubject>): void {
  describe(`${name}, as the keeper of volumes`, () => {
    let subject: VolumeStoreSubject;

    beforeAll(async () => {
      subject = await open();
    });
    afterAll(() => subject[Symbol.asyncDispose]());

    const make = async (text?: string): Promise<string> => {
      const volume = newName();
      await subject.store.create(specOf(volume));
      if (text !== undefined) await write(volume, text);
      return volume;
    };
    const write = (volume: string, text: string): Promise<void> =>
      subject.files.writeArchive({ volume }, '/', archiveOf({ name: 'file', text }), {
        noOverwriteDirNonDir: false,
        owner: null,
      });
    const names = async (volume: string): Promise<readonly string[]> =>
      (await collect(subject.files.list({ volume }, '/'))).flat().map((entry) => entry.name);
    const textIn = async (volume: string): Promise<string | undefined> =>
      (await entriesOf(await collect(subject.store.export(volume)))).get('file');
    const trashed = async (id: string) => (await subject.store.trash()).find((each) => each.id === id);

    it('makes a volume once, and tells what was said of it', async () => {
      const spec = { ...specOf(newName()), record: '{"a":1}' };
      expect(await subject.store.create(spec)).toBe(true);
      expect(await subject.store.create(spec)).toBe(false);
      const stored = (await subject.store.list()).find((each) => each.spec.name === spec.name);
      expect(stored?.spec).toEqual(spec);
    });

    it('refuses other options, unknown ones, and names that differ only in case', async () => {
      const volume = await make();
      const tmpfs = { type: 'tmpfs', device: 'tmpfs' };
      await expect(subject.store.create({ ...specOf(volume), options: tmpfs })).rejects.toMatchObject({
        code: 'already-exists',
      });
      await expect(subject.store.create(specOf(volume.toUpperCase()))).rejects.toMatchObject({
        code: 'already-exists',
      });
      const unknown = { ...specOf(newName()), options: { colour: 'red' } };
      await expect(subject.store.create(unknown)).rejects.toMatchObject({
        code: 'invalid-argument',
        detail: { path: 'colour' },
      });
    });

    it('fills an empty volume from an image, and no other', async () => {
      const { chainIds, filled, store } = subject;
      const empty = await make();
      expect(await store.copyUp(empty, chainIds, filled.path)).toBe(true);
      expect(await names(empty)).toContain(filled.name);
      const full = await make('mine');
      expect(await store.copyUp(full, chainIds, filled.path)).toBe(false);
      expect(await names(full)).toEqual(['file']);
      expect(await store.copyUp(await make(), chainIds, '/no/such/place')).toBe(false);
    });

    it('copies a volume under a new name, and never over another', async () => {
      const [source, target, other] = [await make('data'), newName(), await make('other')];
      await subject.store.clone(source, specOf(target));
      await write(source, 'changed');
      expect(await textIn(target)).toBe('data');
      await expect(subject.store.clone(source, specOf(other))).rejects.toMatchObject({
        code: 'already-exists',
      });
      expect(await textIn(other)).toBe('other');
    });

    it('keeps what is removed in the trash, from where it comes back', async () => {
      const [volume, id] = [await make('data'), newId()];
      expect(await subject.store.remove(volume, id)).toBe(0);
      await expect(subject.store.remove(volume, newId())).rejects.toMatchObject({ code: 'not-found' });
      expect(await trashed(id)).toMatchObject({ spec: specOf(volume) });
      expect(await subject.store.restore(id, null)).toEqual(specOf(volume));
      expect(await textIn(volume)).toBe('data');
      expect(await trashed(id)).toBeUndefined();
    });

    it('restores under another name, and never over a volume', async () => {
      const [volume, id] = [await make('old'), newId()];
      await subject.store.remove(volume, id);
      await subject.store.create(specOf(volume));
      await expect(subject.store.restore(id, null)).rejects.toMatchObject({ code: 'already-exists' });
      const other = newName();
      await subject.store.restore(id, other);
      expect(await textIn(other)).toBe('old');
      await expect(subject.store.restore(id, newName())).rejects.toMatchObject({ code: 'not-found' });
    });

    it('removes for good what is to be gone, and tells what was freed', async () => {
      const [volume, id] = [await make('x'.repeat(100_000)), newId()];
      await subject.store.remove(volume, id);
      const purged = await subject.store.purge({ ids: [id, newId()] });
      expect(purged.ids).toEqual([id]);
      expect(purged.freedBytes).toBeGreaterThanOrEqual(100_000);
      const second = await make('x'.repeat(100_000));
      expect(await subject.store.remove(second, null)).toBeGreaterThanOrEqual(100_000);
    });

    it('lets go of what is too old or too much in the trash, the oldest first', async () => {
      const [first, second] = [newId(), newId()];
      await subject.store.remove(await make('x'.repeat(100_000)), first);
      await subject.store.remove(await make('x'.repeat(100_000)), second);
      const long = '2000-01-01T00:00:00.000Z';
      const { ids } = await subject.store.purge({ removedBefore: long, maxBytes: 150_000 });
      expect(ids).toContain(first);
      expect(await trashed(second)).toBeDefined();
      const future = new Date(Date.now() + 60_000).toISOString();
      await subject.store.purge({ removedBefore: future, maxBytes: 1e12 });
      expect(await subject.store.trash()).toEqual([]);
    });

    it('empties a volume into the trash', async () => {
      const [volume, id] = [await make('data'), newId()];
      expect(await subject.store.empty(volume, id)).toBe(true);
      expect(await names(volume)).toEqual([]);
      expect(await subject.store.empty(volume, newId())).toBe(false);
      const restored = newName();
      await subject.store.restore(id, restored);
      expect(await textIn(restored)).toBe('data');
    });

    it('takes an archive as a new volume, and what it exports again', async () => {
      const [volume, again] = [newName(), newName()];
      await subject.store.import(specOf(volume), null, archiveOf({ name: 'file', text: 'imported' }));
      await subject.store.import(specOf(again), null, subject.store.export(volume));
      expect(await textIn(again)).toBe('imported');
    });

    it('replaces content by an archive only where that is said, and keeps the former', async () => {
      const [volume, id] = [await make('old'), newId()];
      const archive = () => archiveOf({ name: 'file', text: 'new' });
      await expect(subject.store.import(specOf(volume), null, archive())).rejects.toMatchObject({
        code: 'already-exists',
      });
      expect(await textIn(volume)).toBe('old');
      await subject.store.import(specOf(volume), id, archive());
      expect(await textIn(volume)).toBe('new');
      const former = newName();
      await subject.store.restore(id, former);
      expect(await textIn(former)).toBe('old');
    });

    it('makes nothing of an archive whose bringer fails or goes away', async () => {
      const volume = newName();
      const broken = (async function* () {
        yield* archiveOf({ name: 'file', text: 'x' });
        throw new RangeError('the source broke');
      })();
      await expect(subject.store.import(specOf(volume), null, broken)).rejects.toThrow('broke');
      const abort = new AbortController();
      const endless = (async function* () {
        yield* archiveOf({ name: 'file', text: 'x' });
        abort.abort();
        await new Promise(() => undefined);
      })();
      const options = { signal: abort.signal };
      await expect(subject.store.import(specOf(volume), null, endless, options)).rejects.toMatchObject({
        code: 'cancelled',
      });
      expect((await subject.store.list()).map(({ spec }) => spec.name)).not.toContain(volume);
    });

    it('measures volumes', async () => {
      const volume = await make('x'.repeat(100_000));
      const [usage] = await collect(subject.store.usage([volume]));
      expect(usage).toMatchObject({ volume, files: 1 });
      expect(usage?.sizeBytes).toBeGreaterThanOrEqual(100_000);
    });
  });
}

function newName(): string {
  return `v-${randomBytes(8).toString('hex')}`;
}

function newId(): string {
  return randomBytes(16).toString('hex');
}

function specOf(name: string): VolumeSpec {
  return { name, options: {}, record: '' };
}

function archiveOf({
  name,
  text,
}: {
  readonly name: string;
  readonly text: string;
}): AsyncIterable<Uint8Array> {
  const pack = tar.pack();
  pack.entry({ name }, text);
  pack.finalize();
  return pack as AsyncIterable<Uint8Array>;
}

/** Texts by name. */
async function entriesOf(data: readonly Uint8Array[]): Promise<ReadonlyMap<string, string>> {
  const entries = new Map<string, string>();
  for await (const entry of Readable.from(data).pipe(tar.extract())) {
    const pieces: Uint8Array[] = [];
    for await (const piece of entry as AsyncIterable<Uint8Array>) pieces.push(piece);
    entries.set(entry.header.name.replace(/^\.\//, ''), Buffer.concat(pieces).toString());
  }
  return entries;
}
