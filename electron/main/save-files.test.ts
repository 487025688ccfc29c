import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { safeName, SaveFiles } from './save-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'longshore-save-'));
});
afterEach(() => rm(folder, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const into = (name = 'web.tar') => new SaveFiles(() => Promise.resolve(path.join(folder, name)));

async function begun(files: SaveFiles): Promise<number> {
  const started = await files.start('web.tar');
  if (!started.ok || started.id === null) throw new Error(JSON.stringify(started));
  return started.id;
}

describe('SaveFiles', () => {
  it('has the file in its place when it is whole, and not before', async () => {
    const files = into();
    const id = await begun(files);
    await files.write(id, bytes('hello '));
    await files.write(id, bytes('world'));
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^\.web\.tar\.[0-9a-f]{8}\.part$/)]);
    expect(await files.end(id, true)).toEqual({ ok: true });
    expect(await readdir(folder)).toEqual(['web.tar']);
    expect(await readFile(path.join(folder, 'web.tar'), 'utf8')).toBe('hello world');
  });

  it.each([
    ['the page gives up', (files: SaveFiles, id: number) => files.end(id, false)],
    ['the page goes', (files: SaveFiles) => files[Symbol.asyncDispose]()],
  ])('leaves nothing behind when %s', async (_when, act) => {
    const files = into();
    const id = await begun(files);
    await files.write(id, bytes('half'));
    await act(files, id);
    expect(await readdir(folder)).toEqual([]);
    expect(await files.write(id, bytes('more'))).toEqual({ ok: false, reason: '' });
  });

  it('tells of a person who gave up, and of a folder that is not there', async () => {
    expect(await new SaveFiles(() => Promise.resolve(undefined)).start('a')).toEqual({ ok: true, id: null });
    expect(await into('missing/web.tar').start('a')).toEqual({ ok: false, reason: 'ENOENT' });
  });

  it('takes nothing that is not as it should be', async () => {
    const files = into();
    expect(await files.start({ name: 'a' })).toEqual({ ok: false, reason: '' });
    const id = await begun(files);
    expect(await files.write(id, 'text')).toEqual({ ok: false, reason: '' });
    expect(await files.write('1', bytes('a'))).toEqual({ ok: false, reason: '' });
    await files[Symbol.asyncDispose]();
  });
});

it.each([
  ['web.tar', 'web.tar'],
  ['../../etc/passwd', '_.._etc_passwd'],
  ['.bashrc', 'bashrc'],
  ['größe 1.txt', 'größe 1.txt'],
  ['', 'file'],
])('suggests "%s" as "%s"', (name, safe) => expect(safeName(name)).toBe(safe));
