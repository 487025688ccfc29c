import type { ImageSummary } from '@longshore/engine/types';
import type { Text } from '../../messages/use-text.ts';
import type { Column } from '../../ui/data-grid/index.ts';
import {
  ActionsCell,
  CreatedCell,
  IdCell,
  ImageCell,
  PlatformCell,
  RepositoryCell,
  SizeCell,
  UseCell,
} from './image-cells.tsx';
import { platformNames } from '../../lib/platform-name.ts';
import { type ImageRow, imagesOf, rowName } from './image-rows.ts';

/** `isOpen` and `onToggle` are of repositories, which a list without a tree has none of. */
export function imageColumns(
  t: Text,
  isOpen: (key: string) => boolean = () => false,
  onToggle: (key: string) => void = () => undefined,
): readonly Column<ImageRow>[] {
  const ofImage = (cell: (image: ImageSummary) => React.ReactNode) => (row: ImageRow) =>
    row.kind === 'image' ? cell(row.image) : null;
  return [
    {
      id: 'image',
      header: t('column.image'),
      cell: (row) =>
        row.kind === 'image' ? (
          <ImageCell row={row} />
        ) : (
          <RepositoryCell row={row} open={isOpen(row.key)} onToggle={() => onToggle(row.key)} />
        ),
      compare: (a, b) => rowName(a).localeCompare(rowName(b)),
    },
    { id: 'id', header: t('column.id'), hideable: true, cell: ofImage((image) => <IdCell image={image} />) },
    {
      id: 'platform',
      header: t('overview.platform'),
      hideable: true,
      cell: ofImage((image) => <PlatformCell image={image} />),
      compare: (a, b) => platformsOf(a).localeCompare(platformsOf(b)),
    },
    {
      id: 'size',
      header: t('column.size'),
      align: 'end',
      cell: (row) => <SizeCell bytes={bytesOf(row, 'sizeBytes')} quiet={row.kind === 'repository'} />,
      compare: (a, b) => bytesOf(a, 'sizeBytes') - bytesOf(b, 'sizeBytes'),
    },
    {
      id: 'unique',
      header: t('column.unique'),
      align: 'end',
      hideable: true,
      cell: (row) => <SizeCell bytes={bytesOf(row, 'uniqueBytes')} quiet />,
      compare: (a, b) => bytesOf(a, 'uniqueBytes') - bytesOf(b, 'uniqueBytes'),
    },
    {
      id: 'created',
      header: t('column.created'),
      align: 'end',
      hideable: true,
      cell: ofImage((image) => <CreatedCell image={image} />),
      compare: (a, b) => latestOf(b).localeCompare(latestOf(a)),
    },
    {
      id: 'use',
      header: t('column.inUse'),
      hideable: true,
      cell: (row) => <UseCell row={row} />,
      compare: (a, b) => usersOf(b) - usersOf(a),
    },
    { id: 'actions', header: '', cell: ofImage((image) => <ActionsCell image={image} />) },
  ];
}

function bytesOf(row: ImageRow, what: 'sizeBytes' | 'uniqueBytes'): number {
  return imagesOf(row).reduce((sum, image) => sum + image[what], 0);
}

function latestOf(row: ImageRow): string {
  return imagesOf(row).reduce(
    (latest, { createdAt }) => ((createdAt ?? '') > latest ? (createdAt ?? '') : latest),
    '',
  );
}

function usersOf(row: ImageRow): number {
  return new Set(imagesOf(row).flatMap(({ usedBy }) => usedBy)).size;
}

function platformsOf(row: ImageRow): string {
  return imagesOf(row)
    .flatMap((image) => platformNames(image, true))
    .join();
}
