import type { Volume } from '@longshore/engine/types';
import { copyText } from '../../lib/clipboard.ts';
import type { Text } from '../../messages/use-text.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { dockerMenu } from '../commands/command-menu.ts';
import { inspectVolumeCommand, removeVolumesCommand } from '../commands/volume-commands.ts';
import type { VolumeActions } from './use-volume-actions.ts';
import { isRunning, isUsed } from './volume-list.ts';

export function volumeMenu(volume: Volume, t: Text, actions: VolumeActions): MenuEntry[] {
  return [
    {
      label: t('volumes.clone'),
      icon: 'copy',
      onSelect: () => openOverlay({ kind: 'clone-volume', volume }),
    },
    {
      label: t('volumes.export'),
      icon: 'download',
      onSelect: () => openOverlay({ kind: 'export-volume', volume }),
    },
    {
      label: t('volumes.importInto'),
      icon: 'upload',
      disabled: isRunning(volume),
      onSelect: () => openOverlay({ kind: 'import-volume', volume }),
    },
    { kind: 'separator' },
    { label: t('action.copyName'), icon: 'copy', onSelect: () => void copyText(volume.name) },
    dockerMenu(t, [inspectVolumeCommand(volume.name), removeVolumesCommand([volume.name])]),
    {
      label: t('volumes.copyMountpoint'),
      icon: 'copy',
      onSelect: () => void copyText(volume.mountpoint),
    },
    { kind: 'separator' },
    {
      label: t('volumes.empty'),
      icon: 'clear',
      danger: true,
      disabled: isRunning(volume),
      onSelect: () => openOverlay({ kind: 'empty-volume', volume }),
    },
    {
      label: t('volumes.remove'),
      icon: 'trash',
      danger: true,
      disabled: isUsed(volume),
      onSelect: () => void actions.remove([volume]),
    },
  ];
}
