import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import { useText } from '../../messages/use-text.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useToasts } from '../../ui/toast-store.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { pruneNetworksCommand } from '../commands/network-commands.ts';
import { isPrunable } from './network-list.ts';
import { useNetworks } from './queries.ts';
import { NetworkRows } from './remove-networks-dialog.tsx';

/** Deletes all networks that no container is on, after it has said which. */
export default function PruneNetworksDialog() {
  const t = useText();
  const engine = useEngine();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const unused = (useNetworks().data ?? []).filter(isPrunable);
  const prune = async () => {
    setBusy(true);
    try {
      const { removed } = await engine.networks.prune({});
      useToasts.getState().show({ tone: 'ok', title: t('networks.removed', { count: removed.length }) });
      await queries.invalidateQueries({ queryKey: queryKeys.networks });
    } catch (thrown) {
      reportError(thrown);
    }
    closeOverlay();
  };
  return (
    <ConfirmDialog
      title={t('networks.pruneTitle')}
      confirmLabel={t('networks.removeConfirm', { count: unused.length })}
      cancelLabel={t('ui.cancel')}
      busy={busy || unused.length === 0}
      onConfirm={() => void prune()}
      onClose={closeOverlay}
      command={<CommandView command={pruneNetworksCommand()} />}
    >
      <p>{t(unused.length === 0 ? 'networks.pruneNone' : 'networks.pruneText')}</p>
      {unused.length > 0 && <NetworkRows networks={unused} />}
    </ConfirmDialog>
  );
}
