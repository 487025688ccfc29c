import type { ContainerSummary } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { useText } from '../../messages/use-text.ts';
import { displayName } from '../containers/container-list.ts';
import { SavingDialog } from '../saving/saving-dialog.tsx';
import { exportCommand } from '../commands/container-commands.ts';

/** Saves the container's files as one tar archive. */
export default function ExportDialog({ container }: { readonly container: ContainerSummary }) {
  const t = useText();
  const engine = useEngine();
  const file = `${displayName(container)}.tar`;
  return (
    <SavingDialog
      title={t('export.title', { name: displayName(container) })}
      text={t('export.text', { file })}
      file={file}
      command={exportCommand(displayName(container))}
      pieces={(signal) => engine.containers.export({ container: container.id }, { signal })}
    />
  );
}
