import { useMemo, useState } from 'react';
import { useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useToasts } from '../../ui/toast-store.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { pruneVolumesCommand } from '../commands/volume-commands.ts';
import { useVolumes, useVolumeSizes } from './queries.ts';
import { useVolumeActions } from './use-volume-actions.ts';
import { isPrunable, shownName } from './volume-list.ts';

/** Deletes for good what no container has, after it has said what, to the byte. Named ones only when asked to. */
export default function PruneVolumesDialog() {
  const t = useText();
  const format = useFormat();
  const engine = useEngine();
  const { refresh } = useVolumeActions();
  const [named, setNamed] = useState(false);
  const [busy, setBusy] = useState(false);
  const volumes = useVolumes().data;
  const going = (volumes ?? []).filter((volume) => isPrunable(volume, named));
  const names = useMemo(() => (volumes ?? []).map(({ name }) => name), [volumes]);
  const sizes = useVolumeSizes(names).data;
  const bytes = going.map(({ name }) => sizes?.get(name)?.sizeBytes ?? 0);
  const prune = async () => {
    setBusy(true);
    try {
      const { removed, freedBytes } = await engine.volumes.prune({ all: named });
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
      title={t('volumes.pruneTitle')}
      confirmLabel={t('volumes.pruneConfirm', { count: going.length })}
      cancelLabel={t('ui.cancel')}
      busy={busy || going.length === 0}
      onConfirm={() => void prune()}
      onClose={closeOverlay}
      command={<CommandView command={pruneVolumesCommand(named)} />}
    >
      <p>{t(going.length === 0 ? 'volumes.pruneNone' : 'volumes.pruneText')}</p>
      <Checkbox labelled label={t('volumes.pruneNamed')} checked={named} onChange={setNamed} />
      {going.length > 0 && (
        <>
          <ul className="confirm-list" tabIndex={0} aria-label={t('volumes.title')}>
            {going.map((volume) => (
              <li key={volume.name} className="row">
                <Icon name="volume" />
                <span className="text-medium ellipsis">{shownName(volume)}</span>
                <span className="grow" />
                <span className="text-3 text-small">
                  {t('bytes.exact', { bytes: format.exactBytes(sizes?.get(volume.name)?.sizeBytes ?? 0) })}
                </span>
              </li>
            ))}
          </ul>
          <p className="text-medium">
            {t('volumes.pruneFrees', {
              bytes: format.exactBytes(bytes.reduce((total, each) => total + each, 0)),
            })}
          </p>
        </>
      )}
    </ConfirmDialog>
  );
}
