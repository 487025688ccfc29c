import type { Volume } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { useText } from '../../messages/use-text.ts';
import { SavingDialog } from '../saving/saving-dialog.tsx';
import { onlyLongshore } from '../commands/action-command.ts';
import { shownName } from './volume-list.ts';

/** Saves what is in a volume as one tar archive. */
export default function ExportVolumeDialog({ volume }: { readonly volume: Volume }) {
  const t = useText();
  const engine = useEngine();
  const file = `${shownName(volume)}.tar`;
  return (
    <SavingDialog
      title={t('volumes.exportTitle', { name: shownName(volume) })}
      text={t('volumes.exportText', { file })}
      file={file}
      command={onlyLongshore('volume', 'export', '-o', file, volume.name)}
      pieces={(signal) => engine.volumes.export({ volume: volume.name }, { signal })}
    />
  );
}
