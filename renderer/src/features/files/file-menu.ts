import { copyText } from '../../lib/clipboard.ts';
import type { Text } from '../../messages/use-text.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { dockerMenu } from '../commands/command-menu.ts';
import type { FileActions } from './file-actions.ts';
import type { FileRow } from './file-rows.ts';

export function fileMenu(row: FileRow, t: Text, actions: FileActions): MenuEntry[] {
  return [
    {
      label: t(row.entry.type === 'directory' ? 'files.openFolder' : 'files.preview'),
      icon: row.entry.type === 'directory' ? 'folder' : 'eye',
      onSelect: () => actions.open(row),
    },
    { label: t('files.download'), icon: 'download', onSelect: () => actions.download([row]) },
    { kind: 'separator' },
    { label: t('changes.copyPath'), icon: 'copy', onSelect: () => void copyText(row.path) },
    ...(actions.copyOut === null ? [] : [dockerMenu(t, [actions.copyOut(row.path)])]),
    { label: t('files.rename'), icon: 'edit', onSelect: () => actions.ask({ kind: 'rename', row }) },
    { kind: 'separator' },
    {
      label: t('action.delete'),
      icon: 'trash',
      danger: true,
      onSelect: () => actions.ask({ kind: 'remove', rows: [row] }),
    },
  ];
}
