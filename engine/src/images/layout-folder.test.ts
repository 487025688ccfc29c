import { mkdtemp, readdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestHex, MEDIA_TYPES } from '../oci/index.ts';
import { LayoutFolder } from './layout-folder.ts';
import { describeBytes } from './manifest-document.ts';

const { signal } = new AbortController();
const content = Buffer.from('the content of a layer');
const blob = describeBytes(MEDIA_TYPES.ociLayer, content);
const manifest = (word: string) => ({
  bytes: Buffer.from(`{"is":"${word}"}`),
  mediaType: MEDIA_TYPES.ociManifest,
});

let folder: string;
let layout: LayoutFolder;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-layout-'));
  layout = new LayoutFolder(join(folder, 'new'));
  await layout.upload(blob, (start, end) => only(content.subarray(start, end)), { signal });
});
afterEach(() => rm(folder, { recursive: true }));

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

const blobFile = (): string => join(folder, 'new/blobs/sha256', digestHex(blob.digest));

async function bytesFrom(offset: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await layout.blob(blob, offset)).bytes) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe('a folder as an OCI image layout', () => {
  it('gives back what was put there, from any byte on, and leaves nothing beside it', async () => {
    expect(await layout.hasBlob(blob.digest)).toBe(true);
    expect(await layout.hasBlob(describeBytes('', Buffer.from('other')).digest)).toBe(false);
    expect(await bytesFrom(0)).toBe(content.toString());
    expect(await bytesFrom(4)).toBe(content.subarray(4).toString());
    expect(await bytesFrom(blob.size)).toBe('');
    expect(await layout.smallBlob(blob, 100)).toEqual(content);
    await layout.putManifest('latest', manifest('one'), signal);
    expect((await readdir(join(folder, 'new'))).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  });

  it('has a manifest for each name, and the newest of each', async () => {
    for (const word of ['old', 'new']) await layout.putManifest('latest', manifest(word), signal);
    expect((await layout.manifest('anything')).bytes).toEqual(manifest('new').bytes);
    await layout.putManifest('other', manifest('other'), signal);
    expect(await layout.manifest('latest')).toMatchObject({ contentType: MEDIA_TYPES.ociManifest });
    expect((await layout.manifest('latest')).bytes).toEqual(manifest('new').bytes);
    await expect(layout.manifest('anything')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('refuses what is missing, cut off, altered, too long or leads elsewhere', async () => {
    await expect(new LayoutFolder(join(folder, 'none')).manifest('latest')).rejects.toMatchObject({
      code: 'not-found',
    });
    const damaged = { code: 'invalid-argument', detail: { step: 'layout' } };
    await expect(layout.smallBlob(blob, 3)).rejects.toMatchObject(damaged);
    await rename(blobFile(), join(folder, 'elsewhere'));
    await symlink(join(folder, 'elsewhere'), blobFile());
    await expect(layout.blob(blob, 0)).rejects.toMatchObject({ code: 'failed-precondition' });
    await rename(join(folder, 'elsewhere'), blobFile());
    await truncate(blobFile(), 3);
    await expect(layout.blob(blob, 0)).rejects.toMatchObject(damaged);
    await layout.putManifest('latest', manifest('one'), signal);
    const digest = describeBytes('', manifest('one').bytes).digest;
    await writeFile(join(folder, 'new/blobs/sha256', digestHex(digest)), manifest('two').bytes);
    await expect(layout.manifest('latest')).rejects.toMatchObject(damaged);
    for (const index of ['no document', '[]', '{"manifests":[{"digest":"../../x"}]}']) {
      await writeFile(join(folder, 'new/index.json'), index);
      await expect(layout.manifest('latest')).rejects.toMatchObject({ code: 'invalid-argument' });
    }
  });
});
