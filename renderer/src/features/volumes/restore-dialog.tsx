import type { TrashedVolume } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { useText } from '../../messages/use-text.ts';
import { NameVolumeDialog } from './name-volume-dialog.tsx';
import { shownName } from './volume-list.ts';

/** Out of the trash under another name: its own may be taken, or still be that of the volume that was emptied. */
export default function RestoreVolumeDialog({ trashed }: { readonly trashed: TrashedVolume }) {
  const t = useText();
  const engine = useEngine();
  return (
    <NameVolumeDialog
      title={t('trash.restoreTitle', { name: shownName(trashed) })}
      text={t('trash.restoreText')}
      confirm="trash.restore"
      busyText="trash.restoring"
      initial={trashed.anonymous ? '' : `${trashed.name}-restored`}
      command={(name) => ['volume', 'restore', '--name', name, trashed.id]}
      act={(name) => engine.volumes.restore({ trashed: trashed.id, name })}
    />
  );
}
