import type { ImageSummary } from '../../../types/index.ts';
import { shortDigest } from './layer-lines.ts';
import type { Columns } from './template.ts';
import { ago, humanSize } from './units.ts';

const NONE = '<none>';

/** One name of an image, as docker lists them. */
export interface ImageRow {
  readonly image: ImageSummary;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** A row for each tag; with `digests` for each digest of its repository as well. An image without any name has one row. */
export function imageRows(images: readonly ImageSummary[], digests: boolean): readonly ImageRow[] {
  return images.flatMap((image) => {
    const tags = image.references.map(splitTag);
    const digestsOf = image.repoDigests.map(splitDigest);
    const repositories = [...new Set([...tags, ...digestsOf].map(([repository]) => repository))];
    const rows = repositories.flatMap((repository) => rowsOf(image, repository, tags, digestsOf, digests));
    return rows.length > 0 ? rows : [{ image, repository: NONE, tag: NONE, digest: NONE }];
  });
}

type Name = readonly [repository: string, rest: string];

function rowsOf(
  image: ImageSummary,
  repository: string,
  tags: readonly Name[],
  digests: readonly Name[],
  isDigestShown: boolean,
): readonly ImageRow[] {
  const of = (names: readonly Name[]) => names.flatMap(([name, rest]) => (name === repository ? [rest] : []));
  const ownTags = of(tags);
  const ownDigests = of(digests);
  const shownTags = ownTags.length > 0 ? ownTags : [NONE];
  const shownDigests = isDigestShown && ownDigests.length > 0 ? ownDigests : [NONE];
  return shownTags.flatMap((tag) => shownDigests.map((digest) => ({ image, repository, tag, digest })));
}

/** At the last colon: a port stands before a slash. */
function splitTag(reference: string): Name {
  const at = reference.lastIndexOf(':');
  return [reference.slice(0, at), reference.slice(at + 1)];
}

function splitDigest(repoDigest: string): Name {
  const at = repoDigest.indexOf('@');
  return [repoDigest.slice(0, at), repoDigest.slice(at + 1)];
}

/** What docker's images knows of an image. */
export function imageColumns(truncate: boolean): Columns<ImageRow> {
  return {
    Repository: { heading: 'REPOSITORY', value: ({ repository }) => repository },
    Tag: { heading: 'TAG', value: ({ tag }) => tag },
    Digest: { heading: 'DIGEST', value: ({ digest }) => digest },
    ID: { heading: 'IMAGE ID', value: ({ image }) => (truncate ? shortDigest(image.id) : image.id) },
    CreatedSince: { heading: 'CREATED', value: ({ image }) => ago(image.createdAt) },
    CreatedAt: { heading: 'CREATED AT', value: ({ image }) => image.createdAt ?? 'N/A' },
    Size: { heading: 'SIZE', value: ({ image }) => humanSize(image.sizeBytes) },
    UniqueSize: { heading: 'UNIQUE SIZE', value: ({ image }) => humanSize(image.uniqueBytes) },
    SharedSize: {
      heading: 'SHARED SIZE',
      value: ({ image }) => humanSize(image.sizeBytes - image.uniqueBytes),
    },
    Containers: { heading: 'CONTAINERS', value: ({ image }) => String(image.usedBy.length) },
  };
}
