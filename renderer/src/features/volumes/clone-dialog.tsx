import type { Volume } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { useText } from '../../messages/use-text.ts';
import { NameVolumeDialog } from './name-volume-dialog.tsx';
import { isRunning, shownName } from './volume-list.ts';

/** A new volume with the same data. */
export default function CloneVolumeDialog({ volume }: { readonly volume: Volume }) {
  const t = useText();
  const engine = useEngine();
  return (
    <NameVolumeDialog
      title={t('volumes.cloneTitle', { name: shownName(volume) })}
      text={t(isRunning(volume) ? 'volumes.cloneLive' : 'volumes.cloneText')}
      confirm="volumes.cloneConfirm"
      busyText="volumes.cloning"
      initial={volume.anonymous ? '' : `${volume.name}-copy`}
      command={(name) => ['volume', 'clone', volume.name, name]}
      act={(name) => engine.volumes.clone({ volume: volume.name, name })}
    />
  );
}
