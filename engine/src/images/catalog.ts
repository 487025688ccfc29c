import { type ContentStore, digestOf, type IndexedImage } from '../content/index.ts';
import { type DataFolder, type QuarantinedRecord, RecordStore } from '../metadata/index.ts';
import { canRun, type Digest, digestHex, familiarReference, parseReference } from '../oci/index.ts';
import type { Platform } from '../types/index.ts';
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
 *
 * Reading is free. Whatever changes something, or decides by what it read, does so inside `exclusive`.
 */
export class Catalog {
  private readonly images: RecordStore<ImageRecord>;
  private readonly references: RecordStore<ReferenceRecord>;
  private readonly content: ContentStore;
  /** The platform of the machine that runs the containers. */
  readonly machine: Platform;
  /** What index.json said at the start of images whose records are damaged. */
  private readonly unrecorded: readonly IndexedImage[];
  /** Being deleted: gone for every reader, and back when that fails. */
  private readonly leaving = new Set<Digest>();
  private changes: Promise<unknown> = Promise.resolve();

  /** `machine`: the platform that names stand for, of images for several. */
  static async open(folder: DataFolder, content: ContentStore, machine: Platform): Promise<Catalog> {
    const images = await RecordStore.open({
      directory: folder.stateDirectory('images'),
      schema: imageRecordSchema,
    });
    const references = await RecordStore.open({
      directory: folder.stateDirectory('references'),
      schema: referenceRecordSchema,
    });
    const recorded = new Set(images.all().map(({ manifest }) => manifest.digest));
    const index = images.isIncomplete || references.isIncomplete ? await content.index() : [];
    const unrecorded = index.filter(({ manifest }) => !recorded.has(manifest.digest));
    const catalog = new Catalog(images, references, content, machine, unrecorded);
    for (const image of images.all()) {
      const entries = index.filter(({ manifest }) => manifest.digest === image.manifest.digest);
      await catalog.restoreNames(image.id, entries);
    }
    return catalog;
  }

  private constructor(
    images: RecordStore<ImageRecord>,
    references: RecordStore<ReferenceRecord>,
    content: ContentStore,
    machine: Platform,
    unrecorded: readonly IndexedImage[],
  ) {
    this.images = images;
    this.references = references;
    this.content = content;
    this.machine = machine;
    this.unrecorded = unrecorded;
  }

  /** Of this start. */
  get quarantined(): readonly QuarantinedRecord[] {
    return [...this.images.quarantined, ...this.references.quarantined];
  }

  /** Whether an image exists that its record no longer tells of. */
  get isIncomplete(): boolean {
    return this.images.isIncomplete;
  }

  /** Images that index.json lists and no record: while the catalog is incomplete, one may be what a record stood for. */
  get withoutRecord(): readonly IndexedImage[] {
    if (!this.isIncomplete) return [];
    const recorded = new Set(this.images.all().map(({ manifest }) => manifest.digest));
    return this.unrecorded.filter(({ manifest }) => !recorded.has(manifest.digest));
  }

  /** One after the other; `work` must not call this again. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = this.changes.then(work);
    this.changes = done.catch(() => undefined);
    return done;
  }

  get(id: Digest): ImageRecord | undefined {
    return this.leaving.has(id) ? undefined : this.images.get(digestHex(id));
  }

  all(): readonly ImageRecord[] {
    return this.images.all().filter(({ id }) => !this.leaving.has(id));
  }

  /** With those whose deletion is not on disk yet: their content must stay until it is. */
  allOnDisk(): readonly ImageRecord[] {
    return this.images.all();
  }

  /** The same image for other platforms: those of the same index. */
  siblingsOf({ id, index }: ImageRecord): readonly ImageRecord[] {
    if (index === undefined) return [];
    return this.all().filter((other) => other.id !== id && other.index?.digest === index.digest);
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

  /**
   * Saves a new or known image, and gives it a name. What it was pulled as before stays true of it. A name that its
   * sibling for this machine has stays there.
   */
  async add(image: ImageRecord, reference: string | null): Promise<void> {
    await this.images.update(digestHex(image.id), (before) => ({
      ...(before?.index !== undefined && { index: before.index }),
      ...(before?.attestations !== undefined && { attestations: before.attestations }),
      ...image,
      repoDigests: [...new Set([...(before?.repoDigests ?? []), ...image.repoDigests])].sort(),
    }));
    if (reference !== null && !this.isNameOfSibling(reference, image)) await this.point(reference, image.id);
    await this.publish();
  }

  /** One more name for an image that is there; a name that another image had moves. */
  async tag(image: ImageRecord, reference: string): Promise<void> {
    if (image.removeWhenUnused) {
      await this.images.put(digestHex(image.id), { ...image, removeWhenUnused: false });
    }
    await this.point(reference, image.id);
    await this.publish();
  }

  /** Takes names away, references and repository digests; `removeWhenUnused` as in the record. */
  async untag(image: ImageRecord, names: readonly string[], removeWhenUnused: boolean): Promise<void> {
    const repoDigests = image.repoDigests.filter((digest) => !names.includes(digest));
    if (repoDigests.length < image.repoDigests.length || removeWhenUnused) {
      await this.images.put(digestHex(image.id), { ...image, repoDigests, removeWhenUnused });
    }
    for (const name of names) await this.references.delete(keyOf(name));
    await this.publish();
  }

  /** Gives the names of an image, as far as they stand for all its platforms, to one of its siblings. */
  async bequeath(image: ImageRecord, heirId: Digest): Promise<void> {
    const heir = this.get(heirId);
    if (heir === undefined) return;
    const shared = image.repoDigests.filter((name) => name.endsWith(`@${image.index?.digest ?? ''}`));
    const repoDigests = [...new Set([...heir.repoDigests, ...shared])].sort();
    await this.images.put(digestHex(heirId), { ...heir, repoDigests });
    for (const reference of this.referencesOf(image.id)) await this.point(reference, heirId);
    await this.publish();
  }

  /** Nobody finds it any more from the call on. References first: no name may be left without its image. */
  async delete(id: Digest): Promise<void> {
    this.leaving.add(id);
    try {
      for (const reference of this.referencesOf(id)) await this.references.delete(keyOf(reference));
      await this.images.delete(digestHex(id));
    } finally {
      this.leaving.delete(id);
    }
    await this.publish();
  }

  /** Puts a record made anew in the place of a damaged one. False: there is nothing to replace, by now or ever. */
  async restore(image: ImageRecord): Promise<boolean> {
    if (!this.images.isLost(digestHex(image.id))) return false;
    const entries = this.unrecorded.filter(({ manifest }) => manifest.digest === image.manifest.digest);
    await this.images.put(digestHex(image.id), image);
    await this.restoreNames(image.id, entries);
    await this.publish();
    return true;
  }

  /** Names whose own records are damaged, from index.json. */
  private async restoreNames(id: Digest, entries: readonly IndexedImage[]): Promise<void> {
    for (const { reference } of entries) {
      if (reference !== null && this.references.isLost(keyOf(reference))) await this.point(reference, id);
    }
  }

  private isNameOfSibling(reference: string, image: ImageRecord): boolean {
    const named = this.named(reference);
    if (named === undefined || canRun(this.machine, platformOf(image))) return false;
    const isSibling = this.siblingsOf(this.get(image.id) ?? image).some(({ id }) => id === named.id);
    return isSibling && canRun(this.machine, platformOf(named));
  }

  private async point(reference: string, imageId: Digest): Promise<void> {
    await this.references.put(keyOf(reference), { reference, imageId });
  }

  /** Lets other tools see what has changed. */
  private async publish(): Promise<void> {
    const images = this.all().flatMap((image) => this.indexed(image));
    await this.content.setIndex([...images, ...this.withoutRecord]);
  }

  private indexed(image: ImageRecord): readonly IndexedImage[] {
    const { manifest, index } = image;
    const entry = { manifest, platform: platformOf(image), source: index?.digest ?? null };
    const references = this.referencesOf(image.id);
    if (references.length === 0) return [{ ...entry, reference: null }];
    return references.map((reference) => ({ ...entry, reference }));
  }
}

function keyOf(reference: string): string {
  return digestHex(digestOf(reference));
}
