import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tar, { type Header } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { factsOf, type KnownFiles } from './context/known-files.ts';
import { LocalContext } from './context/local-context.ts';
import { unpackLocally } from './unpack-locally.ts';

const { signal } = new AbortController();
let around: string;
let folder: string;

beforeEach(async () => {
  around = await mkdtemp(join(tmpdir(), 'longshore-local-'));
  folder = join(around, 'to');
  await mkdir(folder);
  await writeFile(join(around, 'outside'), 'untouched');
});
afterEach(async () => {
  expect((await readdir(around)).sort()).toEqual(['outside', 'to']);
  expect(await readFile(join(around, 'outside'), 'utf8')).toBe('untouched');
  await rm(around, { recursive: true });
});

type Entry = Partial<Header> & { readonly name: string; readonly content?: string };

function archive(...entries: readonly Entry[]): AsyncIterable<Uint8Array> {
  const pack = tar.pack();
  for (const { content, ...header } of entries) pack.entry(header, content ?? '');
  pack.finalize();
  return pack as unknown as AsyncIterable<Uint8Array>;
}

const modeOf = async (name: string): Promise<number> => (await lstat(join(folder, name))).mode & 0o7777;

describe('an archive in a folder', () => {
  it('keeps names, permissions and links of both kinds', async () => {
    const entries = archive(
      { name: 'in/', type: 'directory', mode: 0o775 },
      { name: 'in/file', mode: 0o666, content: 'x' },
      { name: 'in/soft', type: 'symlink', linkname: '../elsewhere' },
      { name: 'hard', type: 'link', linkname: 'in/file' },
    );
    await unpackLocally(entries, folder, 0o777, signal);
    expect([await modeOf('in'), await modeOf('in/file')]).toEqual([0o775, 0o666]);
    expect(await readlink(join(folder, 'in/soft'))).toBe('../elsewhere');
    expect((await lstat(join(folder, 'hard'))).ino).toBe((await lstat(join(folder, 'in/file'))).ino);
  });

  it('need not be read again by a context that is told what was written', async () => {
    const known: KnownFiles = new Map();
    const entries = archive(
      { name: 'quay', mode: 0o666, content: 'old' },
      { name: './sea/../quay', mode: 0o666, content: 'stone' },
    );
    await unpackLocally(entries, folder, 0o7777, signal, known);
    const read = await new LocalContext(folder).tree(null, signal);
    const digests = [...known].map(([path, { digest }]) => [path, digest]);
    expect(digests).toEqual(
      read.files.filter(({ digest }) => digest !== '').map(({ path, digest }) => [path, digest]),
    );
    expect(known.get('quay')?.facts).toBe(factsOf(await lstat(join(folder, 'quay'), { bigint: true })));
  });

  it('lends nobody rights, unless all permissions are wanted', async () => {
    await unpackLocally(archive({ name: 'f', mode: 0o4755 }), folder, 0o777, signal);
    expect(await modeOf('f')).toBe(0o755);
    await unpackLocally(archive({ name: 'f', mode: 0o4755 }), folder, 0o7777, signal);
    expect(await modeOf('f')).toBe(0o4755);
  });

  it.each<readonly [string, readonly Entry[]]>([
    ['a name that climbs', [{ name: '../outside', content: 'evil' }]],
    ['an absolute name', [{ name: '/../../outside', content: 'evil' }]],
    [
      'a link to climb through',
      [
        { name: 'l', type: 'symlink', linkname: '..' },
        { name: 'l/outside', content: 'evil' },
      ],
    ],
    [
      'a link that replaces a folder',
      [
        { name: 'd/outside', content: 'evil' },
        { name: 'd', type: 'symlink', linkname: '..' },
        { name: 'd/more', type: 'symlink', linkname: 'x' },
      ],
    ],
  ])('does not leave the folder by %s', async (_, entries) => {
    await unpackLocally(archive(...entries), folder, 0o777, signal);
  });

  it('does not leave the folder by a hard link to what is outside', async () => {
    const entries = archive({ name: 'h', type: 'link', linkname: '../outside' });
    await expect(unpackLocally(entries, folder, 0o777, signal)).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  it('does not leave the folder by links that are there already', async () => {
    await symlink('..', join(folder, 'l'));
    await symlink('../outside', join(folder, 'f'));
    await unpackLocally(
      archive({ name: 'l/outside', content: 'mine' }, { name: 'f', content: 'mine' }),
      folder,
      0o777,
      signal,
    );
    expect(await readFile(join(folder, 'l/outside'), 'utf8')).toBe('mine');
  });
});
