import type { ImageSummary } from '@longshore/engine/types';
import { copyText } from '../../lib/clipboard.ts';
import type { Text } from '../../messages/use-text.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { dockerMenu } from '../commands/command-menu.ts';
import { runCommand } from '../commands/container-commands.ts';
import {
  lookAtImageCommand,
  pullCommand,
  pushCommand,
  removeImagesCommand,
  saveImagesCommand,
} from '../commands/image-commands.ts';
import { archiveName, imageName } from './image-list.ts';

/** Run, share, look, copy, and after a line what cannot be undone. */
export function imageMenu(image: ImageSummary, t: Text): MenuEntry[] {
  const name = imageName(image);
  const nameless = image.references.length === 0;
  return [
    {
      label: t('containers.run'),
      icon: 'play',
      onSelect: () => openOverlay({ kind: 'run', image: name }),
    },
    {
      label: t('images.pullAgain'),
      icon: 'download',
      disabled: nameless,
      onSelect: () => openOverlay({ kind: 'pull', reference: name }),
    },
    {
      label: t('push.action'),
      icon: 'upload',
      onSelect: () => openOverlay({ kind: 'push-image', image }),
    },
    {
      label: t('images.save'),
      icon: 'file',
      onSelect: () => openOverlay({ kind: 'save-images', images: [image] }),
    },
    { label: t('images.tag'), icon: 'tag', onSelect: () => openOverlay({ kind: 'tag-image', image }) },
    {
      label: t('images.diff'),
      icon: 'columns',
      onSelect: () => openOverlay({ kind: 'diff-images', image }),
    },
    { kind: 'separator' },
    { label: t('action.copyId'), icon: 'copy', onSelect: () => void copyText(image.id) },
    { label: t('action.copyName'), icon: 'copy', onSelect: () => void copyText(name) },
    dockerMenu(t, [
      runCommand({ image: name }),
      ...(nameless ? [] : [pullCommand({ reference: name, insecure: false })]),
      ...(nameless ? [] : [pushCommand({ reference: name, insecure: false })]),
      saveImagesCommand([name], archiveName(name)),
      lookAtImageCommand('history', name),
      lookAtImageCommand('inspect', name),
      removeImagesCommand([name], image.references.length > 1),
    ]),
    { kind: 'separator' },
    {
      label: t('action.delete'),
      icon: 'trash',
      danger: true,
      onSelect: () => openOverlay({ kind: 'remove-images', images: [image] }),
    },
  ];
}
