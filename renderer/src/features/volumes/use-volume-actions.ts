import { useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from 'react-router';
import type { RemovedVolume, Volume } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import { reportFailures } from '../../lib/report-failures.ts';
import { runConcurrently } from '../../lib/run-concurrently.ts';
import { useText } from '../../messages/use-text.ts';
import { useToasts } from '../../ui/toast-store.ts';
import { shownName } from './volume-list.ts';

const AT_ONCE = 4;

export interface VolumeActions {
  /** Into the trash, at once; a person can undo it. */
  readonly remove: (volumes: readonly Volume[]) => Promise<void>;
  readonly refresh: () => Promise<unknown>;
}

export function useVolumeActions(): VolumeActions {
  const t = useText();
  const engine = useEngine();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const location = useLocation();
  const refresh = () => queries.invalidateQueries({ queryKey: queryKeys.volumes });
  const restore = async (removed: readonly RemovedVolume[]) => {
    const outcomes = await runConcurrently(removed, AT_ONCE, ({ trashId, name }) =>
      engine.volumes.restore({ trashed: trashId ?? name }),
    );
    reportFailures(t, outcomes, ({ name }) => name);
    await refresh();
  };
  return {
    refresh,
    remove: async (volumes) => {
      const removed: RemovedVolume[] = [];
      const outcomes = await runConcurrently(volumes, AT_ONCE, async ({ name }) => {
        removed.push(await engine.volumes.remove({ volume: name }));
      });
      reportFailures(t, outcomes, shownName);
      if (removed.some(({ name }) => location.pathname.startsWith(`/volumes/${encodeURIComponent(name)}/`))) {
        void navigate('/volumes');
      }
      await refresh();
      const kept = removed.filter(({ trashId }) => trashId !== null);
      const [first] = removed;
      if (first === undefined) return;
      const only = volumes.find(({ name }) => name === first.name);
      useToasts.getState().show({
        tone: 'ok',
        title:
          removed.length === 1
            ? t(kept.length === 1 ? 'volumes.trashedOne' : 'volumes.removedOne', {
                name: only === undefined ? first.name : shownName(only),
              })
            : t('volumes.trashed', { count: removed.length }),
        ...(kept.length > 0 && {
          action: {
            label: t('image.undo'),
            run: () => void restore(kept).catch((error: unknown) => reportError(error)),
          },
        }),
      });
    },
  };
}
