import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useQueryClient } from '@tanstack/react-query';
import type { BuildSummary } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../messages/use-text.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';

/** Takes builds out of the history; what they made stays. */
export default function RemoveBuildsDialog({ builds }: { readonly builds: readonly BuildSummary[] }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(60_000);
  const engine = useEngine();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const location = useLocation();
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    try {
      const { removed } = await engine.builds.remove({ builds: builds.map(({ id }) => id) });
      if (removed.some((id) => location.pathname.startsWith(`/builds/${id}`))) void navigate('/builds');
      await queries.invalidateQueries({ queryKey: queryKeys.builds });
    } catch (thrown) {
      reportError(thrown);
    }
    closeOverlay();
  };
  return (
    <ConfirmDialog
      title={t('builds.removeTitle', { count: builds.length })}
      confirmLabel={t('builds.removeConfirm', { count: builds.length })}
      cancelLabel={t('ui.cancel')}
      busy={busy}
      onConfirm={() => void remove()}
      onClose={closeOverlay}
    >
      <p>{t('builds.removeText')}</p>
      <ul className="confirm-list" tabIndex={0} aria-label={t('builds.title')}>
        {builds.map((build) => (
          <li key={build.id} className="row">
            <Icon name="build" />
            <span className="text-medium ellipsis">{build.name}</span>
            <span className="grow" />
            <span className="text-3 text-small">{format.ago(build.startedAt, now)}</span>
          </li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}
