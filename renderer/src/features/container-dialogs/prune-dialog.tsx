import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import { useText } from '../../messages/use-text.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useToasts } from '../../ui/toast-store.ts';
import { isLive } from '../containers/container-state.ts';
import { useContainers } from '../containers/queries.ts';
import { ConfirmRow } from '../containers/remove-dialog.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { pruneContainersCommand } from '../commands/container-commands.ts';

/** Deletes all containers that do not run, after it has said which. */
export default function PruneDialog() {
  const t = useText();
  const engine = useEngine();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const stopped = (useContainers().data ?? []).filter((container) => !isLive(container.state));
  const prune = async () => {
    setBusy(true);
    try {
      const { removed } = await engine.containers.prune({});
      useToasts.getState().show({ tone: 'ok', title: t('bulk.done.remove', { count: removed.length }) });
      await queries.invalidateQueries({ queryKey: queryKeys.containers });
    } catch (thrown) {
      reportError(thrown);
    }
    closeOverlay();
  };
  return (
    <ConfirmDialog
      title={t('prune.title')}
      confirmLabel={t('removeContainers.confirm', { count: stopped.length })}
      cancelLabel={t('ui.cancel')}
      busy={busy || stopped.length === 0}
      onConfirm={() => void prune()}
      onClose={closeOverlay}
      command={<CommandView command={pruneContainersCommand()} />}
    >
      {stopped.length === 0 ? (
        <p>{t('prune.none')}</p>
      ) : (
        <>
          <p>{t('prune.text', { count: stopped.length })}</p>
          <ul className="confirm-list" tabIndex={0} aria-label={t('containers.title')}>
            {stopped.map((container) => (
              <ConfirmRow key={container.id} container={container} />
            ))}
          </ul>
        </>
      )}
    </ConfirmDialog>
  );
}
