import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import * as tar from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  ContainerFiles,
  ContainerTarget,
  FilesTarget,
  WriteArchiveOptions,
} from '../../runtime/index.ts';
import type { DirectoryEntry, FileChange, PathStat } from '../../types/index.ts';
import { collect } from './collect.ts';

/** Files under test; `target` is a container of busybox with this id that has never run. */
export interface FilesSubject extends AsyncDisposable {
  readonly files: ContainerFiles;
  target(id: string): ContainerTarget;
  /** A volume of this name, which the subject makes, with nothing in it. */
  volume(name: string): Promise<FilesTarget>;
}

const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;
const S_IFLNK = 0o120000;

type Written = Partial<tar.Header> & { readonly name: string; readonly text?: string };
type Read = Pick<tar.Header, 'name' | 'type' | 'mode' | 'uid' | 'linkname'> & { readonly text: string };

const AS_IS = { noOverwriteDirNonDir: false, owner: null } as const;

/** Holds the files of containers to what their interface promises; the same for those in memory and the agent. */
export function describeFiles(name: string, open: () => Promise<FilesSubject>): void {
  describe(`${name}, as the files of containers`, () => {
    let subject: FilesSubject;

    beforeAll(async () => {
      subject = await open();
    });
    afterAll(() => subject[Symbol.asyncDispose]());

    const newTarget = (): ContainerTarget => subject.target(randomBytes(32).toString('hex'));
    const write = (
      target: FilesTarget,
      path: string,
      entries: readonly Written[],
      options: WriteArchiveOptions = AS_IS,
    ) => subject.files.writeArchive(target, path, archiveOf(entries), options);
    const changes = async (target: ContainerTarget): Promise<readonly FileChange[]> =>
      (await collect(subject.files.changes(target))).flat();
    const read = async (target: FilesTarget, path: string) => {
      const pieces = await collect(subject.files.readArchive(target, path));
      const [first, ...rest] = pieces;
      expect(first?.kind).toBe('stat');
      const data = rest.flatMap((piece) => (piece.kind === 'data' ? [piece.data] : []));
      return entriesOf(data);
    };

    it('begin as the image has them, with nothing changed', async () => {
      const target = newTarget();
      expect(await changes(target)).toEqual([]);
      const { name: last, mode } = await subject.files.stat(target, '/bin/busybox');
      expect([last, mode & S_IFMT]).toEqual(['busybox', S_IFREG]);
    });

    it('tell of the root, and of a link without following it', async () => {
      const target = newTarget();
      expect(await subject.files.stat(target, '/')).toMatchObject({ name: '/' });
      const link = await subject.files.stat(target, 'bin/sh');
      expect(kindOf(link)).toBe(S_IFLNK);
      expect(link.linkTarget).toBe('/bin/busybox');
    });

    it('follow a link that has a slash after it', async () => {
      const target = newTarget();
      await write(target, '/tmp', [{ name: 'to-bin', type: 'symlink', linkname: '/bin' }]);
      expect(kindOf(await subject.files.stat(target, '/tmp/to-bin'))).toBe(S_IFLNK);
      expect(kindOf(await subject.files.stat(target, '/tmp/to-bin/'))).toBe(S_IFDIR);
      expect(kindOf(await subject.files.stat(target, '/tmp/to-bin/.'))).toBe(S_IFDIR);
    });

    it('keep what is written, with its permissions and owners, and tell it as a change', async () => {
      const target = newTarget();
      await write(target, '/tmp', [
        { name: 'made/', type: 'directory', mode: 0o750 },
        { name: 'made/a', text: 'ahoy', mode: 0o640, uid: 12, gid: 13 },
        { name: 'made/to-a', type: 'symlink', linkname: 'a' },
      ]);
      const entries = await read(target, '/tmp/made');
      expect(entries.map(({ name: entry }) => entry.replace(/\/$/, ''))).toEqual([
        'made',
        'made/a',
        'made/to-a',
      ]);
      expect(entries[0]).toMatchObject({ type: 'directory', mode: 0o750 });
      expect(entries[1]).toMatchObject({ type: 'file', mode: 0o640, uid: 12, text: 'ahoy' });
      expect(entries[2]).toMatchObject({ type: 'symlink', linkname: 'a' });
      expect(await changes(target)).toEqual([
        { path: '/tmp', kind: 'modified' },
        { path: '/tmp/made', kind: 'added' },
        { path: '/tmp/made/a', kind: 'added' },
        { path: '/tmp/made/to-a', kind: 'added' },
      ]);
    });

    it('are read as one file, or as what is in a directory', async () => {
      const target = newTarget();
      await write(target, '/', [{ name: 'one', text: 'x' }]);
      expect(await read(target, '/one')).toMatchObject([{ name: 'one', text: 'x' }]);
      const [first, ...rest] = await read(target, '/tmp/.');
      expect(first?.name.replace(/\/$/, '')).toBe('.');
      expect(rest).toEqual([]);
    });

    it('can all be given to one owner', async () => {
      const target = newTarget();
      await write(target, '/', [{ name: 'one', text: 'x', uid: 5 }], { ...AS_IS, owner: '77' });
      expect(await read(target, '/one')).toMatchObject([{ uid: 77 }]);
    });

    it('replace a directory by a file only where that is allowed', async () => {
      const target = newTarget();
      const directory = { name: 'thing/', type: 'directory' } as const;
      const file = { name: 'thing', text: 'x' };
      await write(target, '/tmp', [directory]);
      await expect(write(target, '/tmp', [file], { ...AS_IS, noOverwriteDirNonDir: true })).rejects.toThrow();
      await write(target, '/tmp', [file]);
      expect(kindOf(await subject.files.stat(target, '/tmp/thing'))).toBe(S_IFREG);
    });

    it('of what is not there fail with not-found', async () => {
      const target = newTarget();
      await expect(subject.files.stat(target, '/none')).rejects.toMatchObject({ code: 'not-found' });
      await expect(read(target, '/none')).rejects.toMatchObject({ code: 'not-found' });
      await expect(write(target, '/none', [])).rejects.toMatchObject({ code: 'not-found' });
    });

    it('cannot be written in a root that is read-only', async () => {
      const { id, rootfs } = newTarget();
      const target = { id, rootfs: { ...rootfs, readOnly: true } };
      await expect(write(target, '/tmp', [{ name: 'x', text: 'x' }])).rejects.toMatchObject({
        code: 'permission-denied',
      });
    });

    it('are exported whole, and differ from the image by one layer', async () => {
      const target = newTarget();
      await write(target, '/etc', [{ name: 'new', text: 'new' }]);
      const whole = await entriesOf(await collect(subject.files.export(target)));
      const names = whole.map(({ name: entry }) => entry.replace(/^\.?\/|\/$/g, ''));
      expect(names).toEqual(expect.arrayContaining(['bin/busybox', 'etc/passwd', 'etc/new']));
      const layer = await collect(subject.files.layer(target));
      expect((await entriesOf(layer)).map(({ name: entry }) => entry.replace(/\/$/, ''))).toEqual([
        'etc',
        'etc/new',
      ]);
      const again = await collect(subject.files.layer(target));
      expect(Buffer.concat(again)).toEqual(Buffer.concat(layer));
    });

    it('take what was written of the disk, and nothing before', async () => {
      const [written, untouched] = [newTarget(), newTarget()];
      await write(written, '/tmp', [{ name: 'large', text: 'x'.repeat(100_000) }]);
      const found = await collect(subject.files.usage([written.id, untouched.id]));
      const bytes = new Map(found.map(({ id, writableBytes }) => [id, writableBytes]));
      expect(bytes.get(written.id)).toBeGreaterThanOrEqual(100_000);
      expect(bytes.get(written.id)).toBeLessThan(200_000);
      expect(bytes.get(untouched.id) ?? 0).toBe(0);
      const all = await collect(subject.files.usage([]));
      expect(all.map(({ id }) => id)).toContain(written.id);
    });

    describe.each(['a container', 'a volume'])('of %s', (whose) => {
      const newPlace = (): Promise<FilesTarget> =>
        whose === 'a volume'
          ? subject.volume(`files-${randomBytes(6).toString('hex')}`)
          : Promise.resolve(newTarget());
      const list = async (target: FilesTarget, path: string): Promise<readonly DirectoryEntry[]> =>
        (await collect(subject.files.list(target, path))).flat();

      it('are listed by name, with their kinds, owners and sizes', async () => {
        const target = await newPlace();
        await write(target, '/', [
          { name: 'made/', type: 'directory', mode: 0o750 },
          { name: 'made/c', type: 'symlink', linkname: '/made/a' },
          { name: 'made/b/', type: 'directory', mode: 0o700 },
          { name: 'made/a', text: 'four', mode: 0o640, uid: 12, gid: 13 },
        ]);
        const [a, b, c, ...rest] = await list(target, '/made');
        expect(a).toMatchObject({
          name: 'a',
          type: 'file',
          sizeBytes: 4,
          uid: 12,
          gid: 13,
          linkTarget: null,
        });
        expect((a?.mode ?? 0) & 0o7777).toBe(0o640);
        expect(b).toMatchObject({ name: 'b', type: 'directory' });
        expect(c).toMatchObject({ name: 'c', type: 'link', linkTarget: '/made/a' });
        expect(rest).toEqual([]);
        await expect(list(target, '/none')).rejects.toMatchObject({ code: 'not-found' });
      });

      it('are made, renamed and removed one by one, and nothing is replaced', async () => {
        const target = await newPlace();
        expect(await subject.files.makeDirectory(target, '/one', 0o711)).toMatchObject({ name: 'one' });
        await expect(subject.files.makeDirectory(target, '/one', 0o755)).rejects.toMatchObject({
          code: 'already-exists',
        });
        await write(target, '/one', [{ name: 'file', text: 'kept' }]);
        await subject.files.makeDirectory(target, '/two', 0o755);
        await expect(subject.files.rename(target, '/one', '/two')).rejects.toMatchObject({
          code: 'already-exists',
        });
        expect(await subject.files.rename(target, '/one', '/two/one')).toMatchObject({ name: 'one' });
        expect(await read(target, '/two/one/file')).toMatchObject([{ text: 'kept' }]);
        await expect(subject.files.remove(target, '/two', false)).rejects.toMatchObject({
          code: 'failed-precondition',
        });
        await subject.files.remove(target, '/two', true);
        await expect(subject.files.stat(target, '/two')).rejects.toMatchObject({ code: 'not-found' });
        await expect(subject.files.remove(target, '/two', true)).rejects.toMatchObject({ code: 'not-found' });
      });

      it('of the root itself are not removed', async () => {
        const target = await newPlace();
        await expect(subject.files.remove(target, '/', true)).rejects.toMatchObject({
          code: 'invalid-argument',
        });
      });
    });

    it('end when the caller cancels, and when the caller fails in the middle', async () => {
      const target = newTarget();
      const abort = new AbortController();
      const endless = (async function* () {
        yield* archiveOf([{ name: 'x', text: 'x' }]);
        abort.abort();
        await new Promise(() => undefined);
      })();
      const options = { ...AS_IS, signal: abort.signal };
      await expect(subject.files.writeArchive(target, '/tmp', endless, options)).rejects.toMatchObject({
        code: 'cancelled',
      });
      const broken = (async function* () {
        yield Buffer.alloc(512);
        throw new RangeError('the source broke');
      })();
      await expect(subject.files.writeArchive(target, '/tmp', broken, AS_IS)).rejects.toThrow('broke');
    });
  });
}

function kindOf({ mode }: PathStat): number {
  return mode & S_IFMT;
}

function archiveOf(entries: readonly Written[]): AsyncIterable<Uint8Array> {
  const pack = tar.pack();
  for (const { text, ...header } of entries) {
    if (text === undefined) pack.entry(header);
    else pack.entry(header, text);
  }
  pack.finalize();
  return pack as AsyncIterable<Uint8Array>;
}

async function entriesOf(data: readonly Uint8Array[]): Promise<readonly Read[]> {
  const entries: Read[] = [];
  for await (const entry of Readable.from(data).pipe(tar.extract())) {
    const pieces: Uint8Array[] = [];
    for await (const piece of entry as AsyncIterable<Uint8Array>) pieces.push(piece);
    const { name, type, mode, uid, linkname } = entry.header;
    entries.push({ name, type, mode, uid, linkname, text: Buffer.concat(pieces).toString() });
  }
  return entries;
}
