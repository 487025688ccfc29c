import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileTree } from './file-tree.ts';
import { LocalContext } from './local-context.ts';
import { IgnoreRules } from '../dockerignore/index.ts';

const { signal } = new AbortController();
let folder: string;
let context: LocalContext;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-context-'));
  context = new LocalContext(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const put = async (name: string, content: string): Promise<void> => {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
};
const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');
const paths = ({ files }: FileTree): readonly string[] => files.map(({ path }) => path);

async function read(tree: FileTree, path: string): Promise<string> {
  const file = tree.files.find((one) => one.path === path);
  if (file === undefined) throw new Error(`${path} was not found`);
  const pieces: Uint8Array[] = [];
  for await (const piece of context.read(file)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe('the files of a context', () => {
  it('come in one order, each with the digest of its content, however many there are', async () => {
    const names = Array.from({ length: 60 }, (_, number) => `d/${String(number).padStart(2, '0')}`);
    for (const name of names.toReversed()) await put(name, `content of ${name}`);
    const { files } = await context.tree(null, signal);
    expect(files.map(({ path }) => path)).toEqual(['', 'd', ...names]);
    for (const name of names) {
      const file = files.find(({ path }) => path === name);
      expect(file?.digest).toBe(sha256(`content of ${name}`));
    }
  });

  it('have another digest once they have other content, also of the same size and time', async () => {
    const time = new Date('2026-01-01T00:00:00Z');
    await put('f', 'one');
    await utimes(join(folder, 'f'), time, time);
    await context.tree(null, signal);
    await put('f', 'two');
    await utimes(join(folder, 'f'), time, time);
    const { files } = await context.tree(null, signal);
    expect(files.find(({ path }) => path === 'f')?.digest).toBe(sha256('two'));
  });

  it('are left out when they are ignored; a folder of theirs comes with what is not', async () => {
    for (const name of ['kept', 'out/a', 'out/b', 'empty/c']) await put(name, name);
    const rules = IgnoreRules.parse('out\nempty\n!out/b\n');
    expect(paths(await context.tree(rules, signal))).toEqual(['', 'kept', 'out', 'out/b']);
  });

  it('are links as links, and nothing behind one is read', async () => {
    await symlink('/etc', join(folder, 'link'));
    const { files } = await context.tree(null, signal);
    expect(files).toMatchObject([{ path: '' }, { path: 'link', linkTarget: '/etc', digest: '' }]);
  });

  it('are refused when they are not what was found any more', async () => {
    await put('d/f', 'mine');
    const tree = await context.tree(null, signal);
    expect(await read(tree, 'd/f')).toBe('mine');
    await rename(join(folder, 'd'), join(folder, 'moved'));
    await symlink('/etc', join(folder, 'd'));
    await expect(read(tree, 'd/f')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('are none when the folder is gone', async () => {
    const gone = new LocalContext(join(folder, 'gone'));
    await expect(gone.tree(null, signal)).rejects.toMatchObject({ code: 'not-found' });
  });
});
