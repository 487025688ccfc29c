import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { BuildCacheEntry } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { reportError } from '../../lib/report-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { useToasts } from '../../ui/toast-store.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { pruneCacheCommand } from '../commands/build-commands.ts';

/** The build cache, and what of it goes. */
export default function PruneCacheDialog() {
  const t = useText();
  const format = useFormat();
  const engine = useEngine();
  const queries = useQueryClient();
  const [all, setAll] = useState(false);
  const [busy, setBusy] = useState(false);
  const usage = useQuery({
    queryKey: queryKeys.buildCache,
    queryFn: ({ signal }) => engine.builds.cacheUsage({}, { signal }),
  });
  const going = (usage.data?.entries ?? []).filter((entry) => !entry.inUse && (all || !entry.shared));
  const prune = async () => {
    setBusy(true);
    try {
      const { removed, freedBytes } = await engine.builds.pruneCache({ all });
      const title = t('builds.pruned', { count: removed.length, size: format.bytes(freedBytes) });
      useToasts.getState().show({ tone: 'ok', title });
      await queries.invalidateQueries({ queryKey: queryKeys.builds });
    } catch (thrown) {
      reportError(thrown);
    }
    closeOverlay();
  };
  return (
    <ConfirmDialog
      title={t('builds.pruneTitle')}
      confirmLabel={t('builds.pruneConfirm', { count: going.length })}
      cancelLabel={t('ui.cancel')}
      busy={busy || going.length === 0}
      onConfirm={() => void prune()}
      onClose={closeOverlay}
      command={<CommandView command={pruneCacheCommand(all)} />}
    >
      <p>{t('builds.pruneText')}</p>
      {usage.error !== null && <ErrorNotice {...describeError(usage.error)} />}
      {usage.isPending && <SkeletonRows label={t('builds.pruneLoading')} />}
      {usage.data !== undefined &&
        (going.length === 0 ? (
          <p className="text-2">{t('builds.pruneNone')}</p>
        ) : (
          <CacheRows entries={going} />
        ))}
      <Checkbox labelled label={t('builds.pruneAll')} checked={all} onChange={setAll} />
    </ConfirmDialog>
  );
}

function CacheRows({ entries }: { readonly entries: readonly BuildCacheEntry[] }) {
  const t = useText();
  const format = useFormat();
  return (
    <ul className="confirm-list" tabIndex={0} aria-label={t('builds.cache')}>
      {entries.map((entry) => (
        <li key={entry.id} className="row">
          <span className="mono text-small ellipsis" title={entry.description}>
            {entry.description}
          </span>
          <span className="grow" />
          <span className="text-3 text-small">{format.bytes(entry.sizeBytes)}</span>
        </li>
      ))}
    </ul>
  );
}
