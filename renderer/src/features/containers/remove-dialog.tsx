import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { ContainerSummary } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { useVolumes, useVolumeSizes } from '../volumes/queries.ts';
import { goneWith } from '../volumes/volume-list.ts';
import { CommandView } from '../commands/command-view.tsx';
import { removeCommand } from '../commands/container-commands.ts';
import { useContainerActions } from './actions.ts';
import { displayName } from './container-list.ts';
import { isLive, shownState } from './container-state.ts';

interface RemoveContainersDialogProps {
  readonly containers: readonly ContainerSummary[];
}

export function RemoveContainersDialog({ containers }: RemoveContainersDialogProps) {
  const t = useText();
  const actions = useContainerActions();
  const navigate = useNavigate();
  const location = useLocation();
  const [busy, setBusy] = useState(false);
  const [volumes, setVolumes] = useState(false);
  const live = containers.filter((container) => isLive(container.state)).length;
  const remove = async () => {
    setBusy(true);
    const failed = await actions.act('remove', containers, { volumes });
    closeOverlay();
    const gone = containers.filter((container) => !failed.includes(container));
    if (gone.some((container) => location.pathname.startsWith(`/containers/${container.id}`))) {
      void navigate('/containers');
    }
  };
  return (
    <ConfirmDialog
      title={t('removeContainers.title', { count: containers.length })}
      confirmLabel={t('removeContainers.confirm', { count: containers.length })}
      cancelLabel={t('ui.cancel')}
      busy={busy}
      onConfirm={() => void remove()}
      onClose={closeOverlay}
      command={<CommandView command={removeCommand(containers.map(displayName), { volumes })} />}
    >
      <p>{t('removeContainers.text')}</p>
      <ul className="confirm-list" tabIndex={0} aria-label={t('containers.title')}>
        {containers.map((container) => (
          <ConfirmRow key={container.id} container={container} />
        ))}
      </ul>
      {live > 0 && <p className="text-warn">{t('removeContainers.running', { count: live })}</p>}
      <AnonymousVolumes containers={containers} checked={volumes} onChange={setVolumes} />
    </ConfirmDialog>
  );
}

interface AnonymousVolumesProps extends RemoveContainersDialogProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** Offers to take along what only these containers have and nobody named; nothing when there is none. */
function AnonymousVolumes({ containers, checked, onChange }: AnonymousVolumesProps) {
  const t = useText();
  const format = useFormat();
  const names = goneWith(useVolumes().data ?? [], new Set(containers.map(({ id }) => id)));
  const sizes = useVolumeSizes(names).data;
  if (names.length === 0) return null;
  const bytes = names.reduce((sum, name) => sum + (sizes?.get(name)?.sizeBytes ?? 0), 0);
  return (
    <div>
      <Checkbox
        labelled
        label={t('removeContainers.volumes', { count: names.length })}
        checked={checked}
        onChange={onChange}
      />
      {sizes !== undefined && (
        <p className="text-3 text-small">
          {t('removeContainers.volumesText', { count: names.length, bytes: format.exactBytes(bytes) })}
        </p>
      )}
    </div>
  );
}

export function ConfirmRow({ container }: { readonly container: ContainerSummary }) {
  const t = useText();
  const state = shownState(container.state);
  return (
    <li className="row">
      <StateShape shape={state.shape} tone={state.tone} />
      <span className="text-medium ellipsis">{displayName(container)}</span>
      <span className="text-3 text-small ellipsis">{container.image.reference}</span>
      <span className="grow" />
      <span className="text-3 text-small">{t(state.word, state.values)}</span>
    </li>
  );
}
