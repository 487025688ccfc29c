import type { ReactNode } from 'react';
import type { Format } from '../../lib/use-format.ts';
import type { Text } from '../../messages/use-text.ts';
import type { Column } from '../../ui/data-grid/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { modeText } from '../files/file-rows.ts';
import { type ImageNode, isFolder } from './image-tree.ts';

interface NodeColumnsContext {
  readonly t: Text;
  readonly format: Format;
  readonly now: number;
  /** Left out where only one layer is shown. */
  readonly layerName?: (layerIndex: number) => string;
  readonly onOpen: (node: ImageNode) => void;
}

const DASH = <span className="text-3">–</span>;
const names = new Intl.Collator(undefined, { numeric: true });

/** Folders first, each by name. */
export function byKindAndName(a: ImageNode, b: ImageNode): number {
  return Number(isFolder(b)) - Number(isFolder(a)) || names.compare(a.name, b.name);
}

export function nodeColumns(context: NodeColumnsContext): readonly Column<ImageNode>[] {
  const { t, format, now, layerName } = context;
  const present = (say: (file: NonNullable<ImageNode['file']>) => ReactNode) => (node: ImageNode) =>
    node.file?.change === 'present' ? say(node.file) : DASH;
  const layer: Column<ImageNode> = {
    id: 'layer',
    header: t('imageFiles.from'),
    cell: (node) => <span className="text-2 ellipsis">{layerName?.(node.layerIndex)}</span>,
    compare: (a, b) => a.layerIndex - b.layerIndex,
  };
  return [
    {
      id: 'file',
      header: t('column.name'),
      cell: (node) => <NameCell node={node} t={t} onOpen={() => context.onOpen(node)} />,
      compare: byKindAndName,
    },
    {
      id: 'size',
      header: t('column.size'),
      align: 'end',
      cell: (node) =>
        isGone(node) ? (
          DASH
        ) : (
          <span
            className={isFolder(node) ? 'text-2' : undefined}
            title={t('bytes.exact', { bytes: format.exactBytes(node.bytes) })}
          >
            {format.bytes(node.bytes)}
          </span>
        ),
      compare: (a, b) => a.bytes - b.bytes,
    },
    ...(layerName === undefined ? [] : [layer]),
    {
      id: 'modified',
      header: t('column.modified'),
      align: 'end',
      cell: present(({ modifiedAt }) => (
        <span className="text-2" title={format.dateTime(modifiedAt)}>
          {format.ago(modifiedAt, now)}
        </span>
      )),
      compare: (a, b) => (b.file?.modifiedAt ?? '').localeCompare(a.file?.modifiedAt ?? ''),
    },
    {
      id: 'mode',
      header: t('column.mode'),
      cell: present((file) => <span className="mono text-3">{modeText(file)}</span>),
    },
    {
      id: 'owner',
      header: t('column.owner'),
      align: 'end',
      cell: present(({ uid, gid }) => (
        <span className="mono text-3">
          {uid}:{gid}
        </span>
      )),
    },
  ];
}

function isGone({ file }: ImageNode): boolean {
  return file?.change === 'deleted';
}

interface NameCellProps {
  readonly node: ImageNode;
  readonly t: Text;
  readonly onOpen: () => void;
}

function NameCell({ node, t, onOpen }: NameCellProps) {
  const { file, name } = node;
  const change = file?.change ?? 'present';
  const link = file?.linkTarget ?? null;
  return (
    <div className="row">
      <Icon name={isFolder(node) ? 'folder' : file?.type === 'link' ? 'external' : 'file'} />
      {change === 'deleted' ? (
        <s className="ellipsis text-3">{name}</s>
      ) : (
        <button type="button" className="file-name ellipsis" tabIndex={-1} onClick={onOpen}>
          {name}
        </button>
      )}
      {link !== null && <span className="mono text-3 ellipsis">→ {link}</span>}
      {change !== 'present' && <span className="tag">{t(`imageFiles.${change}`)}</span>}
    </div>
  );
}
