import {
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tar from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../../errors/index.ts';
import { extractLocal } from './extract.ts';

let base: string;
let target: string;
let outside: string;

beforeEach(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'longshore-extract-'));
  target = path.join(base, 'target');
  outside = path.join(base, 'outside');
  await mkdir(target);
  await mkdir(outside);
  await writeFile(path.join(outside, 'secret'), 'untouched');
});
afterEach(() => rm(base, { recursive: true, force: true }));

type TestEntry = Partial<tar.Header> & { readonly name: string; readonly text?: string };

const leftOut: string[] = [];

async function extract(entries: readonly TestEntry[], name = 'app'): Promise<void> {
  leftOut.length = 0;
  await extractLocal(archiveOf(entries), target, {
    name,
    signal: new AbortController().signal,
    onLeftOut: (left) => leftOut.push(left),
  });
}

function archiveOf(entries: readonly TestEntry[]): AsyncIterable<Uint8Array> {
  const pack = tar.pack();
  for (const { text, ...header } of entries) {
    if (text === undefined) pack.entry({ mtime: new Date(0), ...header });
    else pack.entry({ mtime: new Date(0), ...header }, text);
  }
  pack.finalize();
  return pack as AsyncIterable<Uint8Array>;
}

const folder = (name: string, mode = 0o755): TestEntry => ({ name: `${name}/`, type: 'directory', mode });
const file = (name: string, text = 'hostile', mode = 0o644): TestEntry => ({ name, text, mode });
const symbolicLink = (name: string, linkname: string): TestEntry => ({ name, type: 'symlink', linkname });
const hardLink = (name: string, linkname: string): TestEntry => ({ name, type: 'link', linkname });

const at = (...names: readonly string[]) => path.join(target, ...names);

async function expectOutsideUntouched(): Promise<void> {
  expect(await readdir(outside)).toEqual(['secret']);
  expect(await readFile(path.join(outside, 'secret'), 'utf8')).toBe('untouched');
}

describe('unpacking an archive from a container', () => {
  it('makes directories, files and links with their permissions and times', async () => {
    await extract([
      folder('app', 0o550),
      file('app/run', 'text', 0o750),
      file('app/empty', ''),
      symbolicLink('app/link', '/anywhere'),
      hardLink('app/same', 'app/run'),
      folder('app/sub'),
      file('app/sub/deep', 'deep'),
    ]);
    expect(await readFile(at('app/run'), 'utf8')).toBe('text');
    expect((await stat(at('app/run'))).mode & 0o7777).toBe(0o750);
    expect((await stat(at('app/run'))).mtimeMs).toBe(0);
    expect((await stat(at('app'))).mode & 0o7777).toBe(0o550);
    expect((await stat(at('app'))).mtimeMs).toBe(0);
    expect((await stat(at('app/same'))).ino).toBe((await stat(at('app/run'))).ino);
    expect(await readlink(at('app/link'))).toBe('/anywhere');
    expect(await readFile(at('app/sub/deep'), 'utf8')).toBe('deep');
    expect((await stat(at('app/empty'))).size).toBe(0);
  });

  it('gives the first entry its new name, and all below it', async () => {
    await extract([folder('app'), file('app/a', 'a'), hardLink('app/b', 'app/a')], 'renamed');
    expect((await readdir(at('renamed'))).sort()).toEqual(['a', 'b']);
    await extract([folder('app'), file('app/c', 'c')], '.');
    expect(await readFile(at('c'), 'utf8')).toBe('c');
  });

  it('replaces files and links, never a directory by a file nor a file by a directory', async () => {
    await writeFile(at('app'), 'before');
    await extract([file('app', 'after')]);
    expect(await readFile(at('app'), 'utf8')).toBe('after');
    await expect(extract([folder('app')])).rejects.toMatchObject({ code: 'conflict' });
    await mkdir(at('dir'));
    await expect(extract([file('app')], 'dir')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('takes setuid and setgid off', async () => {
    await extract([file('app', 'x', 0o6755)]);
    expect((await stat(at('app'))).mode & 0o7777).toBe(0o755);
  });

  it('leaves devices and pipes out, and says so', async () => {
    await extract([
      folder('app'),
      { name: 'app/null', type: 'character-device' },
      { name: 'app/fifo', type: 'fifo' },
    ]);
    expect(leftOut).toEqual(['app/null', 'app/fifo']);
    expect(await readdir(at('app'))).toEqual([]);
  });

  it('fails with the reason for which the archive broke off', async () => {
    const broken = (async function* () {
      yield Buffer.alloc(10);
      throw new EngineError('unavailable', 'The agent has gone.');
    })();
    const options = { name: 'app', signal: new AbortController().signal, onLeftOut: () => undefined };
    await expect(extractLocal(broken, target, options)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('ends when it is cancelled in the middle', async () => {
    const abort = new AbortController();
    const endless = (async function* () {
      yield Buffer.alloc(10);
      abort.abort();
      await new Promise(() => undefined);
    })();
    const options = { name: 'app', signal: abort.signal, onLeftOut: () => undefined };
    await expect(extractLocal(endless, target, options)).rejects.toThrow();
  });
});

describe('a hostile archive', () => {
  it.each([
    { how: 'climbs up', entries: [folder('app'), file('app/../../outside/new')] },
    { how: 'climbs up at once', entries: [file('../outside/new')] },
    { how: 'leaves its first entry', entries: [folder('app'), file('other/new')] },
    { how: 'hard-links to outside', entries: [folder('app'), hardLink('app/x', 'app/../../outside/secret')] },
    { how: 'hard-links beside its first entry', entries: [folder('app'), hardLink('app/x', 'secret')] },
    { how: 'replaces the folder itself', entries: [folder('app'), file('app')], name: '.' },
  ])('that $how is refused', async ({ entries, name }) => {
    await expect(extract(entries, name)).rejects.toMatchObject({ code: 'invalid-argument' });
    await expectOutsideUntouched();
  });

  it('cannot write through a link that it has made', async () => {
    await expect(
      extract([folder('app'), symbolicLink('app/out', outside), file('app/out/new')]),
    ).rejects.toMatchObject({
      code: 'conflict',
    });
    await expectOutsideUntouched();
  });

  it('cannot give a directory behind its link other permissions', async () => {
    const before = (await stat(outside)).mode;
    await expect(
      extract([folder('app'), symbolicLink('app/out', outside), folder('app/out', 0o777)]),
    ).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await stat(outside)).mode).toBe(before);
  });

  it('cannot write through a link that was there', async () => {
    await symlink(outside, at('app'));
    await expect(extract([folder('app'), file('app/new')])).rejects.toMatchObject({ code: 'conflict' });
    await symlink(path.join(outside, 'secret'), at('one'));
    await extract([file('app', 'mine')], 'one');
    expect((await lstat(at('one'))).isFile()).toBe(true);
    await expectOutsideUntouched();
  });

  it('cannot reach a file through the link that it links to', async () => {
    const secret = path.join(outside, 'secret');
    await extract([
      folder('app'),
      symbolicLink('app/s', secret),
      hardLink('app/h', 'app/s'),
      file('app/h', 'mine'),
    ]);
    await expectOutsideUntouched();
    await expect(
      extract([folder('app'), symbolicLink('app/d', outside), hardLink('app/h', 'app/d/secret')]),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('cannot change a file that has a second name in the target', async () => {
    await link(path.join(outside, 'secret'), at('app'));
    await extract([file('app', 'mine')]);
    await expectOutsideUntouched();
  });

  it('absolute names stay inside', async () => {
    await extract([file('/outside', 'inside')], 'outside');
    expect(await readFile(at('outside'), 'utf8')).toBe('inside');
    await expectOutsideUntouched();
  });

  it('cannot be won by a racer who swaps a directory for a link', async () => {
    const abort = new AbortController();
    const racing = (async () => {
      while (!abort.signal.aborted) {
        await rm(at('app/sub'), { recursive: true, force: true }).catch(() => undefined);
        await symlink(outside, at('app/sub')).catch(() => undefined);
        await rm(at('app/sub'), { force: true }).catch(() => undefined);
        await mkdir(at('app/sub')).catch(() => undefined);
      }
    })();
    await mkdir(at('app'));
    for (let round = 0; round < 300; round++) {
      const many = Array.from({ length: 5 }, (_, index) => file(`app/sub/f${index}`));
      await extract([folder('app'), folder('app/sub'), ...many]).catch(() => undefined);
    }
    abort.abort();
    await racing;
    await expectOutsideUntouched();
  });

  it('that nests without end is refused', async () => {
    const deep = Array.from({ length: 300 }, () => 'd').join('/');
    await expect(extract([file(`${deep}/f`)], '.')).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});
