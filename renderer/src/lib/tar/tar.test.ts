import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileSource, joined, packTar, type TarSource, unpackTar } from './index.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const file = (name: string, text: string, part: Partial<TarSource> = {}) =>
  fileSource(name, { sizeBytes: bytes(text).length, data: [bytes(text)], modifiedMs: 1e12, ...part });

const LONG = `${'a-folder-with-a-long-name/'.repeat(6)}größe.txt`;

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return joined(all);
}

async function* inPieces(archive: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < archive.length; at += length) {
    await Promise.resolve();
    yield archive.subarray(at, at + length);
  }
}

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'longshore-tar-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('packTar', () => {
  it('makes what tar(1) unpacks, long names and all', async () => {
    const archive = await collect(
      packTar([
        fileSource('conf', { type: 'directory', mode: 0o750 }),
        file('conf/app.ini', 'port = 80\n', { mode: 0o640 }),
        fileSource('conf/current', { type: 'link', linkTarget: 'app.ini' }),
        file(LONG, 'x'.repeat(513)),
      ]),
    );
    writeFileSync(path.join(folder, 'a.tar'), archive);
    execFileSync('tar', ['-xf', 'a.tar', '--no-same-owner'], { cwd: folder });
    expect(readFileSync(path.join(folder, 'conf/current'), 'utf8')).toBe('port = 80\n');
    expect(readFileSync(path.join(folder, LONG), 'utf8')).toHaveLength(513);
    const listed = execFileSync('tar', ['-tvf', 'a.tar'], { cwd: folder }).toString();
    expect(listed).toMatch(/-rw-r----- 0\/0 .* conf\/app\.ini/);
  });

  it('fails when a file is not as long as it was', async () => {
    await expect(collect(packTar([{ ...file('a', 'abc'), sizeBytes: 4 }]))).rejects.toThrow(/changed/);
  });
});

describe('unpackTar', () => {
  it.each(['ustar', 'pax', 'gnu'] as const)(
    'reads what tar(1) makes as %s, in pieces of any length',
    async (format) => {
      const name = format === 'ustar' ? 'plain.txt' : 'größe-'.repeat(20);
      writeFileSync(path.join(folder, name), 'hello');
      writeFileSync(path.join(folder, 'b'), 'second');
      execFileSync('tar', ['-cf', 'a.tar', `--format=${format}`, name, 'b'], { cwd: folder });
      const archive = new Uint8Array(readFileSync(path.join(folder, 'a.tar')));
      const found: string[] = [];
      for await (const entry of unpackTar(inPieces(archive, 100))) {
        found.push(`${entry.path}: ${new TextDecoder().decode(await collect(entry.data))}`);
      }
      expect(found).toEqual([`${name}: hello`, 'b: second']);
    },
  );

  it('passes over what nobody reads', async () => {
    const archive = await collect(packTar([file('a', 'x'.repeat(2000)), file('b', 'y')]));
    const paths: string[] = [];
    for await (const { path: name } of unpackTar(inPieces(archive, 700))) paths.push(name);
    expect(paths).toEqual(['a', 'b']);
  });

  it('says when it is cut off, and when it is something else', async () => {
    const archive = await collect(packTar([file('a', 'x'.repeat(2000))]));
    const read = async (source: Uint8Array) => {
      for await (const entry of unpackTar(inPieces(source, 512))) await collect(entry.data);
    };
    await expect(read(archive.subarray(0, 1024))).rejects.toThrow(/ends in the middle/);
    await expect(read(bytes('not an archive'.repeat(100)))).rejects.toThrow(/no tar archive/);
  });
});
