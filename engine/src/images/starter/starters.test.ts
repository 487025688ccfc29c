import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../content/index.ts';
import { parseDigest } from '../../oci/index.ts';
import { ImagesBench } from '../../testing/images/images-bench.ts';
import { isStaticProgram } from './elf.ts';
import { writeLayerFile } from './layer-file.ts';

let folder: string;
let program: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-starters-'));
  program = join(folder, 'agent');
  await writeFile(program, elf({ interpreter: false }));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The smallest file with the headers of a 64-bit program. */
function elf({ interpreter }: { readonly interpreter: boolean }): Uint8Array {
  const file = Buffer.alloc(64 + 56);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(interpreter ? 3 : 1, 64);
  return file;
}

async function entriesOf(layer: Uint8Array): Promise<Map<string, tar.Header>> {
  const entries = new Map<string, tar.Header>();
  const extract = tar.extract();
  extract.end(gunzipSync(layer));
  for await (const entry of extract) {
    entries.set(entry.header.name, entry.header);
    entry.resume();
  }
  return entries;
}

describe('a starter image', () => {
  it('is made of the agent itself, and runs like any other image', async () => {
    await using bench = await ImagesBench.open({ agentBinary: program, busybox: [] });
    expect(await bench.images.starters()).toMatchObject([{ name: 'hello', installed: false }]);
    const image = await bench.images.installStarter({ name: 'hello' });
    expect(image).toMatchObject({ references: ['hello:latest'], platform: { os: 'linux' } });
    expect(await bench.images.starters()).toMatchObject([{ name: 'hello', installed: true }]);
    const { config, chainIds } = await bench.images.resolve('hello');
    expect(config.entrypoint).toEqual(['/hello']);
    expect((await bench.snapshotter.list()).map(({ chainId }) => chainId)).toEqual(chainIds);
    const details = await bench.images.inspect({ image: 'hello' });
    const entries = await entriesOf(await bench.content.read(parseDigest(details.layers[0]!.digest)));
    expect(entries.get('hello')).toMatchObject({ mode: 0o755, size: 120, uid: 0 });
    expect(entries.get('bin/sh')).toMatchObject({ type: 'symlink', linkname: '/hello' });
    expect(entries.get('tmp/')).toMatchObject({ type: 'directory', mode: 0o1777 });
    expect(entries.has('etc/passwd')).toBe(true);
  });

  it('has the same id each time it is made', async () => {
    await using bench = await ImagesBench.open({ agentBinary: program });
    const first = await bench.images.installStarter({ name: 'hello' });
    const second = await bench.images.installStarter({ name: 'hello' });
    expect(second.id).toBe(first.id);
    expect(await bench.images.list()).toHaveLength(1);
  });

  it('is not offered, and cannot be made, without its program', async () => {
    await using bench = await ImagesBench.open({ agentBinary: join(folder, 'nothing'), busybox: [] });
    expect(await bench.images.starters()).toEqual([]);
    await expect(bench.images.installStarter({ name: 'busybox' })).rejects.toMatchObject({
      code: 'failed-precondition',
      hint: expect.stringContaining('busybox-static') as string,
    });
  });

  it('of busybox has all of its tools', async ({ skip }) => {
    if (!(await isStaticProgram('/bin/busybox'))) skip('this machine has no static busybox');
    await using bench = await ImagesBench.open({ busybox: ['/bin/busybox'] });
    await bench.images.installStarter({ name: 'busybox' });
    const details = await bench.images.inspect({ image: 'busybox' });
    const entries = await entriesOf(await bench.content.read(parseDigest(details.layers[0]!.digest)));
    expect(entries.get('bin/sh')).toMatchObject({ linkname: 'busybox' });
    expect(entries.get('bin/ls')).toMatchObject({ linkname: 'busybox' });
    expect(entries.get('bin/busybox')?.type).toBe('file');
    expect(details.config.command).toEqual(['sh']);
  });
});

describe('a static program', () => {
  it('is one without an interpreter', async () => {
    expect(await isStaticProgram(program)).toBe(true);
    await writeFile(program, elf({ interpreter: true }));
    expect(await isStaticProgram(program)).toBe(false);
  });

  it.each([
    ['a script', '#!/bin/sh\n'],
    ['an empty file', ''],
    ['a cut header', elf({ interpreter: false }).subarray(0, 70)],
  ])('is not %s', async (_name, content) => {
    await writeFile(program, content);
    expect(await isStaticProgram(program)).toBe(false);
  });
});

describe('a layer file', () => {
  it('tells the digests of what it wrote', async () => {
    const path = join(folder, 'layer');
    const layer = await writeLayerFile(
      path,
      [
        { kind: 'directory', name: 'a', mode: 0o755 },
        { kind: 'file', name: 'a/program', mode: 0o755, source: program },
      ],
      new AbortController().signal,
    );
    const bytes = await readFile(path);
    expect(layer).toEqual({
      digest: digestOf(bytes),
      size: bytes.byteLength,
      diffId: digestOf(gunzipSync(bytes)),
    });
  });

  it('fails when its source is missing', async () => {
    const entries = [{ kind: 'file', name: 'x', mode: 0o644, source: join(folder, 'gone') }] as const;
    const writing = writeLayerFile(join(folder, 'layer'), entries, new AbortController().signal);
    await expect(writing).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
