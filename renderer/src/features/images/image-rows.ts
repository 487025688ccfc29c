import type { ImageSummary } from '@longshore/engine/types';
import { referenceParts, shortId } from '../../lib/image-reference.ts';
import { imageName } from './image-list.ts';

/** A repository with several images, or an image. */
export type ImageRow =
  | {
      readonly kind: 'repository';
      readonly key: string;
      readonly repository: string;
      readonly images: readonly ImageSummary[];
    }
  | {
      readonly kind: 'image';
      readonly key: string;
      readonly image: ImageSummary;
      /** Below its repository those of its names that are of it; else all. */
      readonly references: readonly string[];
      readonly nested: boolean;
    };

export function listRows(images: readonly ImageSummary[]): readonly ImageRow[] {
  return images.map((image) => ({
    kind: 'image',
    key: image.id,
    image,
    references: image.references,
    nested: false,
  }));
}

/** Repositories with one image are that image. An image with names in several repositories is in each of them. */
export function treeRows(images: readonly ImageSummary[]): readonly ImageRow[] {
  const byRepository = new Map<string, ImageSummary[]>();
  for (const image of images) {
    for (const repository of repositoriesOf(image)) {
      byRepository.set(repository, [...(byRepository.get(repository) ?? []), image]);
    }
  }
  const groups = [...byRepository].map(([repository, members]): ImageRow => {
    const [only] = members;
    if (only !== undefined && members.length === 1) return nameRow(only, repository, false);
    return { kind: 'repository', key: `repository ${repository}`, repository, images: members };
  });
  const nameless = images.filter((image) => repositoriesOf(image).length === 0);
  return [...groups, ...listRows(nameless)];
}

/** The images of a repository; none of an image. */
export function rowsBelow(row: ImageRow): readonly ImageRow[] {
  return row.kind === 'image' ? [] : row.images.map((image) => nameRow(image, row.repository, true));
}

export function imagesOf(row: ImageRow): readonly ImageSummary[] {
  return row.kind === 'image' ? [row.image] : row.images;
}

export function rowName(row: ImageRow): string {
  return row.kind === 'image' ? (row.references[0] ?? imageName(row.image)) : row.repository;
}

/** Each image once, whatever is chosen of the tree. */
export function chosenImages(rows: readonly ImageRow[]): readonly ImageSummary[] {
  return [...new Map(rows.flatMap(imagesOf).map((image) => [image.id, image])).values()];
}

function nameRow(image: ImageSummary, repository: string, nested: boolean): ImageRow {
  const references = image.references.filter(
    (reference) => referenceParts(reference).repository === repository,
  );
  return { kind: 'image', key: `${repository} ${image.id}`, image, references, nested };
}

/** By its names; an image that lost them is still known by where it was pulled from. */
function repositoriesOf({ references, repoDigests }: ImageSummary): readonly string[] {
  const names = references.length > 0 ? references : repoDigests;
  return [...new Set(names.map((name) => referenceParts(name).repository))];
}

/** What stands below a repository's name: its tags, or the id of one without. */
export function tagName(row: Extract<ImageRow, { kind: 'image' }>): string {
  const [first] = row.references;
  return first === undefined ? shortId(row.image.id) : referenceParts(first).suffix;
}
