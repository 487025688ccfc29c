import { type ContentStore, digestOf, type IndexedImage } from '../content/index.ts';
import { type DataFolder, type QuarantinedRecord, RecordStore } from '../metadata/index.ts';
import { type Digest, digestHex, familiarReference, parseReference } from '../oci/index.ts';
import {
  type ImageRecord,
  imageRecordSchema,
  platformOf,
  type ReferenceRecord,
  referenceRecordSchema,
} from './records.ts';

/**
 * Which images there are and what they are called. An image is saved before a reference points at it, and keeps to
 * exist without any: what a crash leaves between two steps is an untagged image, never a name without image.
 */
export class Catalog {
  private readonly images: RecordStore<ImageRecord>;
  private readonly references: RecordStore<ReferenceRecord>;
  private readonly content: ContentStore;

  static async open(folder: DataFolder, content: ContentStore): Promise<Catalog> {
    const images = await RecordStore.open({
      directory: folder.stateDirectory('images'),
      schema: imageRecordSchema,
    });
    const references = await RecordStore.open({
      directory: folder.stateDirectory('references'),
      schema: referenceRecordSchema,
    });
    return new Catalog(images, references, content);
  }

  private constructor(
    images: RecordStore<ImageRecord>,
    references: RecordStore<ReferenceRecord>,
    content: ContentStore,
  ) {
    this.images = images;
    this.references = references;
    this.content = content;
  }

  get quarantined(): readonly QuarantinedRecord[] {
    return [...this.images.quarantined, ...this.references.quarantined];
  }

  /** Whether an image exists that its record no longer tells of. */
  get isIncomplete(): boolean {
    return this.images.isIncomplete;
  }

  get(id: Digest): ImageRecord | undefined {
    return this.images.get(digestHex(id));
  }

  all(): readonly ImageRecord[] {
    return this.images.all();
  }

  /** The full references that name this image, sorted. */
  referencesOf(id: Digest): readonly string[] {
    return this.references
      .all()
      .filter(({ imageId }) => imageId === id)
      .map(({ reference }) => reference)
      .sort();
  }

  /** As a person writes them. */
  familiarReferencesOf(id: Digest): readonly string[] {
    return this.referencesOf(id).map((reference) => familiarReference(parseReference(reference)));
  }

  /** By full reference with tag. */
  named(reference: string): ImageRecord | undefined {
    const record = this.references.get(keyOf(reference));
    return record === undefined ? undefined : this.get(record.imageId);
  }

  /** Saves a new or known image, and gives it a name. What it was pulled as before stays true of it. */
  async add(image: ImageRecord, reference: string | null): Promise<void> {
    await this.images.update(digestHex(image.id), (before) => ({
      ...image,
      repoDigests: [...new Set([...(before?.repoDigests ?? []), ...image.repoDigests])].sort(),
    }));
    if (reference !== null) await this.point(reference, image.id);
    await this.publish();
  }

  async setRepoDigests(id: Digest, repoDigests: readonly string[]): Promise<void> {
    const image = this.get(id);
    if (image !== undefined)
      await this.images.put(digestHex(id), { ...image, repoDigests: [...repoDigests] });
  }

  async point(reference: string, imageId: Digest): Promise<void> {
    await this.references.put(keyOf(reference), { reference, imageId });
  }

  async unpoint(reference: string): Promise<void> {
    await this.references.delete(keyOf(reference));
  }

  /** References first: no name may be left without its image. */
  async delete(id: Digest): Promise<void> {
    for (const reference of this.referencesOf(id)) await this.unpoint(reference);
    await this.images.delete(digestHex(id));
  }

  /** Lets other tools see what has changed. */
  async publish(): Promise<void> {
    await this.content.setIndex(this.all().flatMap((image) => this.indexed(image)));
  }

  private indexed(image: ImageRecord): readonly IndexedImage[] {
    const { manifest } = image;
    const platform = platformOf(image);
    const references = this.referencesOf(image.id);
    if (references.length === 0) return [{ manifest, platform, reference: null }];
    return references.map((reference) => ({ manifest, platform, reference }));
  }
}

function keyOf(reference: string): string {
  return digestHex(digestOf(reference));
}
