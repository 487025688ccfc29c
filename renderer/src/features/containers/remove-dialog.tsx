import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { ContainerSummary } from '@longshore/engine/types';
import { useText } from '../../messages/use-text.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';
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
  const live = containers.filter((container) => isLive(container.state)).length;
  const remove = async () => {
    setBusy(true);
    const failed = await actions.act('remove', containers);
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
    >
      <p>{t('removeContainers.text')}</p>
      <ul className="confirm-list" tabIndex={0} aria-label={t('containers.title')}>
        {containers.map((container) => (
          <ConfirmRow key={container.id} container={container} />
        ))}
      </ul>
      {live > 0 && <p className="text-warn">{t('removeContainers.running', { count: live })}</p>}
    </ConfirmDialog>
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
