import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { Volume } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useToasts } from '../../ui/toast-store.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { useVolumeSizes } from './queries.ts';
import { useVolumeActions } from './use-volume-actions.ts';
import { shownName } from './volume-list.ts';

/** Its content goes into the trash, the volume stays. */
export default function EmptyVolumeDialog({ volume }: { readonly volume: Volume }) {
  const t = useText();
  const format = useFormat();
  const engine = useEngine();
  const queries = useQueryClient();
  const { refresh } = useVolumeActions();
  const [busy, setBusy] = useState(false);
  const usage = useVolumeSizes([volume.name]).data?.get(volume.name);
  const empty = async () => {
    setBusy(true);
    try {
      await engine.volumes.empty({ volume: volume.name });
      useToasts.getState().show({ tone: 'ok', title: t('volumes.emptied', { name: shownName(volume) }) });
      await Promise.all([
        refresh(),
        queries.invalidateQueries({ queryKey: queryKeys.files(['volume', volume.name]) }),
        queries.invalidateQueries({ queryKey: queryKeys.volumeSizes }),
      ]);
    } catch (thrown) {
      reportError(thrown);
    }
    closeOverlay();
  };
  return (
    <ConfirmDialog
      title={t('volumes.emptyTitle', { name: shownName(volume) })}
      confirmLabel={t('volumes.emptyConfirm')}
      cancelLabel={t('ui.cancel')}
      icon="clear"
      busy={busy}
      onConfirm={() => void empty()}
      onClose={closeOverlay}
    >
      <p>{t('volumes.emptyText')}</p>
      {usage !== undefined && (
        <p className="text-2">
          {t('volumes.content', { files: usage.files, bytes: format.exactBytes(usage.sizeBytes) })}
        </p>
      )}
    </ConfirmDialog>
  );
}
