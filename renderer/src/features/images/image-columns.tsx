import type { ImageSummary } from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import type { Column } from '../../ui/data-grid/index.ts';
import { Menu } from '../../ui/menu.tsx';
import { ReferenceText } from '../containers/cells.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { imageName, imagePath } from './image-list.ts';
import { imageMenu } from './image-menu.ts';

interface CellProps {
  readonly image: ImageSummary;
}

export function imageColumns(t: Text): readonly Column<ImageSummary>[] {
  return [
    {
      id: 'image',
      header: t('column.image'),
      cell: (image) => <ImageCell image={image} />,
      compare: (a, b) => imageName(a).localeCompare(imageName(b)),
    },
    { id: 'id', header: t('column.id'), hideable: true, cell: (image) => <IdCell image={image} /> },
    {
      id: 'size',
      header: t('column.size'),
      align: 'end',
      cell: (image) => <SizeCell bytes={image.sizeBytes} />,
      compare: (a, b) => a.sizeBytes - b.sizeBytes,
    },
    {
      id: 'unique',
      header: t('column.unique'),
      align: 'end',
      hideable: true,
      cell: (image) => <SizeCell bytes={image.uniqueBytes} quiet />,
      compare: (a, b) => a.uniqueBytes - b.uniqueBytes,
    },
    {
      id: 'created',
      header: t('column.created'),
      align: 'end',
      hideable: true,
      cell: (image) => <CreatedCell image={image} />,
      compare: (a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''),
    },
    {
      id: 'use',
      header: t('column.inUse'),
      hideable: true,
      cell: (image) => <UseCell image={image} />,
      compare: (a, b) => b.usedBy.length - a.usedBy.length,
    },
    { id: 'actions', header: '', cell: (image) => <ActionsCell image={image} /> },
  ];
}

function ImageCell({ image }: CellProps) {
  const t = useText();
  const [first, ...others] = image.references;
  return (
    <div className="row">
      <a
        className="list-name image-name row"
        href={`#${imagePath(image)}`}
        aria-label={first ?? t('images.untaggedId', { id: shortId(image.id) })}
        tabIndex={-1}
      >
        {first === undefined ? (
          <span className="text-3">{t('images.untagged')}</span>
        ) : (
          <ReferenceText reference={first} />
        )}
      </a>
      {others.length > 0 && (
        <span className="tag" title={others.join('\n')}>
          {t('images.otherNames', { count: others.length })}
        </span>
      )}
    </div>
  );
}

function IdCell({ image }: CellProps) {
  const t = useText();
  return (
    <span className="list-id image-id mono">
      {shortId(image.id)}
      <CopyButton text={image.id} label={t('action.copyId')} tabIndex={-1} />
    </span>
  );
}

function SizeCell({ bytes, quiet = false }: { readonly bytes: number; readonly quiet?: boolean }) {
  const t = useText();
  const format = useFormat();
  if (quiet && bytes === 0) return <span className="text-3">–</span>;
  return (
    <span
      className={quiet ? 'text-2' : undefined}
      title={t('bytes.exact', { bytes: format.exactBytes(bytes) })}
    >
      {format.bytes(bytes)}
    </span>
  );
}

function CreatedCell({ image }: CellProps) {
  const format = useFormat();
  const now = useNow(60_000);
  if (image.createdAt === null) return <span className="text-3">–</span>;
  return (
    <span className="text-2" title={format.dateTime(image.createdAt)}>
      {format.ago(image.createdAt, now)}
    </span>
  );
}

function UseCell({ image }: CellProps) {
  const t = useText();
  const count = image.usedBy.length;
  return (
    <span className={count === 0 ? 'text-3' : 'text-2'} title={image.usedBy.join('\n')}>
      {count === 0 ? t('images.unused') : t('images.usedBy', { count })}
    </span>
  );
}

function ActionsCell({ image }: CellProps) {
  const t = useText();
  const name = imageName(image);
  return (
    <div className="grid-actions">
      <IconButton
        icon="play"
        label={t('containers.run')}
        tabIndex={-1}
        onClick={() => openOverlay({ kind: 'run', image: name })}
      />
      <Menu
        trigger={<IconButton icon="kebab" label={t('action.more')} tabIndex={-1} />}
        entries={imageMenu(image, t)}
      />
    </div>
  );
}
