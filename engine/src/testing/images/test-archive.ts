import { gunzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { digestHex } from '../../oci/index.ts';
import { type StoredBytes, storedJson, type TestImage } from '../registry/test-image.ts';

/** What is at a name: bytes, or what tar's header says. */
export type ArchiveEntry = Uint8Array | string | (Partial<tar.Header> & Pick<tar.Header, 'type'>);

export type ArchiveEntries = readonly (readonly [name: string, entry: ArchiveEntry])[];

export async function testArchive(entries: ArchiveEntries): Promise<Buffer> {
  const pack = tar.pack();
  for (const [name, entry] of entries) {
    if (typeof entry === 'string' || entry instanceof Uint8Array) pack.entry({ name }, Buffer.from(entry));
    else pack.entry({ name, ...entry });
  }
  pack.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of pack) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

export const blobEntry = ({ digest, bytes }: StoredBytes) =>
  [`blobs/sha256/${digestHex(digest)}`, bytes] as const;

/** An OCI image layout of these entries of its index, and the blobs of the images. */
export function layoutEntries(index: readonly object[], images: readonly TestImage[]): ArchiveEntries {
  const blobs = images.flatMap(({ manifest, config, layers }) => [manifest, config, ...layers]);
  return [
    ['oci-layout', '{"imageLayoutVersion":"1.0.0"}'],
    ['index.json', JSON.stringify({ schemaVersion: 2, manifests: index })],
    ['blobs/', { type: 'directory' }],
    ...[...new Map(blobs.map(blobEntry))],
  ];
}

export function indexEntry({ manifest, platform }: TestImage, name?: string): object {
  const { mediaType, digest, size } = manifest;
  const annotations = { 'io.containerd.image.name': name };
  return { mediaType, digest, size, platform, ...(name !== undefined && { annotations }) };
}

/**
 * As docker before version 25 writes archives: a folder per layer, unpacked; a layer that is there before is a link to
 * it.
 */
export function oldDockerEntries(image: TestImage, tags: readonly string[]): ArchiveEntries {
  const folders = new Map<string, string>();
  const layers = image.layers.map(({ diffId, bytes }, index) => {
    const folder = index.toString(16).padStart(64, '0');
    const before = folders.get(diffId);
    if (before === undefined) folders.set(diffId, folder);
    const content =
      before === undefined
        ? gunzipSync(bytes)
        : ({ type: 'symlink', linkname: `../${before}/layer.tar` } as const);
    return { name: `${folder}/layer.tar`, folder, content };
  });
  const config = `${digestHex(image.config.digest)}.json`;
  const manifest = [{ Config: config, RepoTags: tags, Layers: layers.map(({ name }) => name) }];
  return [
    ...layers.flatMap(({ name, folder, content }): ArchiveEntries => [
      [`${folder}/`, { type: 'directory' }],
      [`${folder}/VERSION`, '1.0'],
      [`${folder}/json`, '{}'],
      [name, content],
    ]),
    [config, image.config.bytes],
    ['manifest.json', JSON.stringify(manifest)],
    ['repositories', '{}'],
  ];
}

/** A manifest document that is described rightly, whatever it says. */
export function madeUp(mediaType: string, document: object): StoredBytes {
  return storedJson(mediaType, document);
}
