import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeArchive } from './whole-file.ts';

const context = { stdout: process.stdout };

let here: string;

beforeEach(async () => {
  here = await mkdtemp(path.join(tmpdir(), 'longshore-archive-'));
});

afterEach(() => rm(here, { recursive: true }));

async function* pieces(failure?: Error): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(Buffer.from('new '));
  if (failure !== undefined) throw failure;
  yield Buffer.from('archive');
}

describe('an archive that is written to a file', () => {
  it('takes the place of the one before', async () => {
    const file = path.join(here, 'a.tar');
    await writeFile(file, 'the one before');
    await writeArchive(pieces(), file, context);
    expect(await readFile(file, 'utf8')).toBe('new archive');
    expect(await readdir(here)).toEqual(['a.tar']);
  });

  it('that breaks off leaves the one before, and nothing else', async () => {
    const file = path.join(here, 'a.tar');
    await writeFile(file, 'the one before');
    await expect(writeArchive(pieces(new Error('gone')), file, context)).rejects.toThrow('gone');
    expect(await readFile(file, 'utf8')).toBe('the one before');
    expect(await readdir(here)).toEqual(['a.tar']);
  });

  it('takes the place of no device and no folder', async () => {
    for (const file of ['/dev/null', here]) {
      await expect(writeArchive(pieces(), file, context)).rejects.toMatchObject({
        code: 'invalid-argument',
        message: `write ${file}: not a regular file`,
      });
    }
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
    expect(await readdir(here)).toEqual([]);
  });
});
