import {
  attestationsOf,
  canRun,
  type Descriptor,
  type Digest,
  digestHex,
  type ImageIndex,
  type IndexEntry,
  isAttestation,
  type Manifest,
  MAX_CONFIG_BYTES,
  MAX_MANIFEST_BYTES,
  MEDIA_TYPES,
  parseImageConfig,
  parseManifest,
  selectPlatform,
} from '../../oci/index.ts';
import type { Platform } from '../../types/index.ts';
import { checkImageTypes, layersOf } from '../layers.ts';
import { type SourceIndex, sourceIndex } from '../source-index.ts';
import type { ArchivedAttestation, ArchivedImage } from './archived-image.ts';
import { annotatedNames } from './archived-name.ts';
import { badArchive, notFor } from './problems.ts';
import type { ReceivedFile, ReceivedFiles } from './received-files.ts';

export interface ReadOptions {
  /** That was asked for; null: none in particular. */
  readonly platform: Platform | null;
  readonly machine: Platform;
}

/** Index of an index of an index: more is an attack. */
const MAX_DEPTH = 3;

/** The images of an OCI image layout, by its index.json (image-spec, "Image Layout"). */
export async function readLayout(
  files: ReceivedFiles,
  indexFile: ReceivedFile,
  options: ReadOptions,
): Promise<readonly ArchivedImage[]> {
  const reader = new LayoutReader(files, options);
  const images: ArchivedImage[] = [];
  for (const entry of await topEntries(files, indexFile)) images.push(...(await reader.images(entry)));
  return images;
}

/** The configs of all images of the layout, for whatever platform, as far as they are in the archive. */
export async function layoutConfigs(
  files: ReceivedFiles,
  indexFile: ReceivedFile,
): Promise<ReadonlySet<Digest>> {
  const configs = new Set<Digest>();
  const seen = new Set<Digest>();
  const walk = async (entries: readonly IndexEntry[]): Promise<void> => {
    for (const { digest, mediaType } of entries) {
      const file = files.find(blobName({ digest }));
      if (file === null || seen.has(digest)) continue;
      seen.add(digest);
      const parsed = parseManifest(await files.read(file, 'manifest', MAX_MANIFEST_BYTES), mediaType);
      if (parsed.kind === 'index') await walk(parsed.manifests);
      else configs.add(parsed.config.digest);
    }
  };
  await walk(await topEntries(files, indexFile));
  return configs;
}

async function topEntries(files: ReceivedFiles, indexFile: ReceivedFile): Promise<readonly IndexEntry[]> {
  const bytes = await files.read(indexFile, 'index', MAX_MANIFEST_BYTES);
  const index = parseManifest(bytes, MEDIA_TYPES.ociIndex);
  if (index.kind !== 'index') throw badArchive('manifest', 'its index.json is no index');
  return index.manifests;
}

class LayoutReader {
  private readonly files: ReceivedFiles;
  private readonly options: ReadOptions;

  constructor(files: ReceivedFiles, options: ReadOptions) {
    this.files = files;
    this.options = options;
  }

  /**
   * What an entry stands for, the image for this machine first. Of several platforms in an archive, all that are there
   * whole, unless one was asked for.
   */
  async images(entry: IndexEntry): Promise<readonly ArchivedImage[]> {
    const references = annotatedNames(entry.annotations);
    const { bytes, parsed } = await this.parsed(entry);
    if (parsed.kind === 'manifest')
      return [await this.image(entry, bytes, parsed, { references, index: null, attestations: [] })];
    const index = sourceIndex(parsed, { digest: entry.digest, bytes });
    const chosen = await this.chosen(parsed);
    const attestations = await this.attestations(parsed, chosen.entry);
    const origin = { references, index, attestations };
    const first = await this.image(chosen.entry, chosen.bytes, chosen.parsed, origin);
    const others = this.options.platform === null ? await this.others(parsed, chosen.entry, index) : [];
    return [first, ...others];
  }

  private async others(
    parsedIndex: ImageIndex,
    chosen: IndexEntry,
    index: SourceIndex,
  ): Promise<readonly ArchivedImage[]> {
    const images: ArchivedImage[] = [];
    for (const entry of this.present(parsedIndex.manifests)) {
      if (entry.digest === chosen.digest) continue;
      const { bytes, parsed } = await this.parsed(entry);
      if (parsed.kind === 'index' || !this.isWhole(parsed)) continue;
      const attestations = await this.attestations(parsedIndex, entry);
      images.push(await this.image(entry, bytes, parsed, { references: [], index, attestations }));
    }
    return images;
  }

  /** As far as they are in the archive: an image is as good without. */
  private async attestations(
    index: ImageIndex,
    { digest: image }: IndexEntry,
  ): Promise<readonly ArchivedAttestation[]> {
    const found: ArchivedAttestation[] = [];
    for (const entry of attestationsOf(index, image)) {
      if (this.files.find(blobName(entry)) === null) continue;
      const { bytes, parsed } = await this.parsed(entry);
      if (parsed.kind === 'index' || !this.isWhole(parsed)) continue;
      const { mediaType, digest, size } = entry;
      const blobs = [...parsed.layers, parsed.config].map((blob) => ({ ...blob, file: this.blob(blob) }));
      found.push({ manifest: { mediaType, digest, size }, bytes, blobs });
    }
    return found;
  }

  private async image(
    { mediaType, digest, size }: IndexEntry,
    bytes: Uint8Array,
    manifest: Manifest,
    origin: Pick<ArchivedImage, 'references' | 'index' | 'attestations'>,
  ): Promise<ArchivedImage> {
    checkImageTypes(manifest);
    const configBytes = await this.document(manifest.config, 'config', MAX_CONFIG_BYTES);
    const config = parseImageConfig(configBytes);
    const { platform } = this.options;
    if (platform !== null && !canRun(platform, config.platform)) throw notFor(platform, [config.platform]);
    return {
      manifest: { mediaType, digest, size },
      manifestBytes: bytes,
      configDescriptor: manifest.config,
      configBytes,
      config,
      layers: layersOf(manifest, config).map((layer) => ({ ...layer, file: this.blob(layer) })),
      ...origin,
    };
  }

  private async chosen(index: ImageIndex) {
    let entry = this.select(index);
    for (let depth = 1; depth <= MAX_DEPTH; depth += 1) {
      const { bytes, parsed } = await this.parsed(entry);
      if (parsed.kind === 'manifest') return { entry, bytes, parsed };
      entry = this.select(parsed);
    }
    throw badArchive('manifest', 'its indexes are nested too deeply');
  }

  private async parsed(entry: IndexEntry) {
    const bytes = await this.document(entry, 'manifest', MAX_MANIFEST_BYTES);
    const parsed: Manifest | ImageIndex = parseManifest(bytes, entry.mediaType);
    return { bytes, parsed };
  }

  /** An archive may have a part of the platforms only: those that are there can be chosen. */
  private select(index: ImageIndex): IndexEntry {
    const { platform, machine } = this.options;
    const present = this.present(index.manifests);
    const fitting = selectPlatform(present, (entry) => entry.platform, platform ?? machine);
    const chosen = fitting ?? (platform === null ? present[0] : undefined);
    if (chosen !== undefined) return chosen;
    if (platform === null) throw badArchive('manifest', 'a part is missing: no image of its index is there');
    throw notFor(
      platform,
      present.flatMap((entry) => entry.platform ?? []),
    );
  }

  private present(entries: readonly IndexEntry[]): readonly IndexEntry[] {
    return entries.filter((entry) => !isAttestation(entry) && this.files.find(blobName(entry)) !== null);
  }

  private isWhole({ config, layers }: Manifest): boolean {
    return [config, ...layers].every((blob) => this.files.find(blobName(blob)) !== null);
  }

  private document(descriptor: Descriptor, noun: string, maxBytes: number): Promise<Uint8Array> {
    return this.files.read(this.blob(descriptor), noun, maxBytes);
  }

  /** A blob whose bytes are what the descriptor promises. */
  private blob(descriptor: Descriptor): ReceivedFile {
    const file = this.files.find(blobName(descriptor));
    const { digest, size } = descriptor;
    if (file === null) throw badArchive('content', `a part is missing: ${digest}`, digest);
    if (file.size !== size)
      throw badArchive('size', `${digest} has ${file.size} bytes instead of ${size}`, digest);
    if (file.digest !== digest) throw badArchive('digest', `${digest} has other bytes than that`, digest);
    return file;
  }
}

function blobName({ digest }: Pick<Descriptor, 'digest'>): string {
  return `blobs/sha256/${digestHex(digest)}`;
}
