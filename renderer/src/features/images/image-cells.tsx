import type { ImageSummary } from '@longshore/engine/types';
import { referenceParts, shortId } from '../../lib/image-reference.ts';
import { platformNames } from '../../lib/platform-name.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../messages/use-text.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import { ReferenceText } from '../containers/cells.tsx';
import { useContainers } from '../containers/queries.ts';
import { openOverlay } from '../overlays/overlay-store.ts';
import { imageName, imagePath } from './image-list.ts';
import { imageMenu } from './image-menu.ts';
import { type ImageRow, imagesOf, tagName } from './image-rows.ts';

interface CellProps {
  readonly image: ImageSummary;
}

interface RepositoryCellProps {
  readonly row: Extract<ImageRow, { kind: 'repository' }>;
  readonly open: boolean;
  readonly onToggle: () => void;
}

export function RepositoryCell({ row, open, onToggle }: RepositoryCellProps) {
  const t = useText();
  return (
    <button
      type="button"
      className="repository row"
      aria-expanded={open}
      aria-label={row.repository}
      tabIndex={-1}
      onClick={onToggle}
    >
      <Icon name={open ? 'chevron-down' : 'chevron-right'} small />
      <span className="image-name ellipsis">{row.repository}</span>
      <span className="text-3">{t('images.inRepository', { count: row.images.length })}</span>
    </button>
  );
}

export function ImageCell({ row }: { readonly row: Extract<ImageRow, { kind: 'image' }> }) {
  const t = useText();
  const { image, references, nested } = row;
  const [first, ...others] = references;
  return (
    <div className={nested ? 'row image-nested' : 'row'}>
      <a
        className="list-name image-name row"
        href={`#${imagePath(image)}`}
        aria-label={first ?? t('images.untaggedId', { id: shortId(image.id) })}
        tabIndex={-1}
      >
        {first === undefined ? (
          <span className="text-3">{t('images.untagged')}</span>
        ) : nested ? (
          <span className="ellipsis">{tagName(row)}</span>
        ) : (
          <ReferenceText reference={first} />
        )}
      </a>
      {first === undefined && <LostName image={image} />}
      {others.length > 0 && (
        <span className="tag" title={others.join('\n')}>
          {t('images.otherNames', { count: others.length })}
        </span>
      )}
    </div>
  );
}

/** Where one without a name came from, if that is known. */
function LostName({ image }: CellProps) {
  const [digest] = image.repoDigests;
  if (digest === undefined) return null;
  return <span className="text-3 text-small ellipsis">{referenceParts(digest).repository}</span>;
}

export function IdCell({ image }: CellProps) {
  const t = useText();
  return (
    <span className="list-id image-id mono">
      {shortId(image.id)}
      <CopyButton text={image.id} label={t('action.copyId')} tabIndex={-1} />
    </span>
  );
}

export function PlatformCell({ image }: CellProps) {
  return <span className="text-2 ellipsis">{platformNames(image, true).join(', ')}</span>;
}

export function SizeCell({ bytes, quiet = false }: { readonly bytes: number; readonly quiet?: boolean }) {
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

export function CreatedCell({ image }: CellProps) {
  const format = useFormat();
  const now = useNow(60_000);
  if (image.createdAt === null) return <span className="text-3">–</span>;
  return (
    <span className="text-2" title={format.dateTime(image.createdAt)}>
      {format.ago(image.createdAt, now)}
    </span>
  );
}

/** The container itself where it is one, else how many they are; either leads to them. */
export function UseCell({ row }: { readonly row: ImageRow }) {
  const t = useText();
  const containers = useContainers().data;
  const names = [...new Set(imagesOf(row).flatMap(({ usedBy }) => usedBy))];
  const [only] = names;
  if (only === undefined) return <span className="text-3">{t('images.unused')}</span>;
  if (row.kind === 'repository') {
    return <span className="text-2">{t('images.usedBy', { count: names.length })}</span>;
  }
  const single = names.length === 1 ? containers?.find(({ name }) => name === only) : undefined;
  const path = single === undefined ? imagePath(row.image, 'used-by') : `/containers/${single.id}/overview`;
  return (
    <a className="text-2 ellipsis image-user" href={`#${path}`} title={names.join('\n')} tabIndex={-1}>
      {single === undefined ? t('images.usedBy', { count: names.length }) : only}
    </a>
  );
}

export function ActionsCell({ image }: CellProps) {
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
