import { useState } from 'react';
import type { TrashedVolume } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useToasts } from '../../ui/toast-store.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { useVolumeActions } from './use-volume-actions.ts';
import { shownName } from './volume-list.ts';

/** Out of the trash, for good. */
export default function PurgeDialog({ trashed }: { readonly trashed: readonly TrashedVolume[] }) {
  const t = useText();
  const format = useFormat();
  const engine = useEngine();
  const { refresh } = useVolumeActions();
  const [busy, setBusy] = useState(false);
  const purge = async () => {
    setBusy(true);
    try {
      const { removed, freedBytes } = await engine.volumes.purge({ trashed: trashed.map(({ id }) => id) });
      useToasts.getState().show({
        tone: 'ok',
        title: t('volumes.pruned', { count: removed.length, size: format.bytes(freedBytes) }),
      });
      await refresh();
    } catch (thrown) {
      reportError(thrown);
    }
    closeOverlay();
  };
  return (
    <ConfirmDialog
      title={t('trash.purgeTitle', { count: trashed.length })}
      confirmLabel={t('volumes.pruneConfirm', { count: trashed.length })}
      cancelLabel={t('ui.cancel')}
      busy={busy}
      onConfirm={() => void purge()}
      onClose={closeOverlay}
    >
      <p>{t('trash.purgeText')}</p>
      <ul className="confirm-list" tabIndex={0} aria-label={t('trash.title')}>
        {trashed.map((each) => (
          <li key={each.id} className="row">
            <Icon name="volume" />
            <span className="text-medium ellipsis">{shownName(each)}</span>
            <span className="grow" />
            <span className="text-3 text-small">
              {t('bytes.exact', { bytes: format.exactBytes(each.sizeBytes) })}
            </span>
          </li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}
