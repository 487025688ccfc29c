import type { DiskUsage } from '../../../types/index.ts';
import { shortDigest } from './layer-lines.ts';
import { formatTable } from './table.ts';
import { ago, humanSize } from './units.ts';

const SHORT_ID = 12;

/** Docker's `system df -v`: each kind with all there is of it, the largest first. */
export function diskUsageDetails(usage: DiskUsage): readonly string[] {
  return [
    ...section('Images', IMAGE_HEADINGS, imageRows(usage)),
    ...section('Containers', CONTAINER_HEADINGS, containerRows(usage)),
    ...section(
      'Local Volumes',
      ['VOLUME NAME', 'LINKS', 'SIZE'],
      usage.volumes.items.map(({ name, usedBy, sizeBytes }) => [
        name,
        String(usedBy.length),
        humanSize(sizeBytes),
      ]),
    ),
    ...section('Build cache', BUILD_HEADINGS, buildRows(usage)),
    ...section(
      'Volume trash',
      ['VOLUME NAME', 'REMOVED', 'SIZE'],
      usage.volumeTrash.items.map(({ name, removedAt, sizeBytes }) => [
        name,
        ago(removedAt),
        humanSize(sizeBytes),
      ]),
    ),
    ...section(
      'Partial downloads',
      ['DIGEST', 'KEPT', 'SIZE'],
      usage.partialDownloads.items.map(({ digest, kept, sizeBytes }) => [
        shortDigest(digest),
        String(kept),
        humanSize(sizeBytes),
      ]),
    ),
    `Other: ${humanSize(usage.otherBytes)}`,
  ];
}

const IMAGE_HEADINGS = [
  'IMAGE',
  'IMAGE ID',
  'CREATED',
  'SIZE',
  'SHARED SIZE',
  'UNIQUE SIZE',
  'CONTAINERS',
] as const;
const CONTAINER_HEADINGS = ['CONTAINER ID', 'IMAGE', 'SIZE', 'LOG', 'CREATED', 'RUNNING', 'NAME'] as const;
const BUILD_HEADINGS = ['CACHE ID', 'DESCRIPTION', 'SIZE', 'LAST USED', 'IN USE', 'SHARED'] as const;

function imageRows({ images }: DiskUsage): readonly (readonly string[])[] {
  return images.items.map(({ id, references, createdAt, sizeBytes, sharedBytes, uniqueBytes, usedBy }) => [
    references.join(', ') || '<none>',
    shortDigest(id),
    ago(createdAt),
    humanSize(sizeBytes),
    humanSize(sharedBytes),
    humanSize(uniqueBytes),
    String(usedBy.length),
  ]);
}

function containerRows({ containers }: DiskUsage): readonly (readonly string[])[] {
  return containers.items.map(({ id, image, writableBytes, logBytes, createdAt, running, name }) => [
    id.slice(0, SHORT_ID),
    image,
    humanSize(writableBytes),
    humanSize(logBytes),
    ago(createdAt),
    String(running),
    name,
  ]);
}

function buildRows({ buildCache }: DiskUsage): readonly (readonly string[])[] {
  return buildCache.items.map(({ id, description, sizeBytes, lastUsedAt, inUse, shared }) => [
    id.slice(0, SHORT_ID),
    description,
    humanSize(sizeBytes),
    ago(lastUsedAt),
    String(inUse),
    String(shared),
  ]);
}

function section(
  title: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  return [`${title}:`, '', ...formatTable(headings, rows).split('\n'), ''];
}
