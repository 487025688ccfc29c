import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import type { TransferOptions } from './transfer.ts';
import { useStartTransfer, useTransfers } from './transfer-store.ts';
import { isRunning, type TransferView } from './transfer-view.ts';

export interface TransferActions {
  pause(view: TransferView): void;
  /** Goes on with what stopped short, or begins anew where nothing is kept; `changed` is asked for beside what was. */
  resume(view: TransferView, changed?: TransferOptions): void;
  cancel(view: TransferView): void;
  /** Puts away what has ended; of a pull that could go on, what the engine keeps of it as well. */
  drop(view: TransferView): void;
}

export function useTransferActions(): TransferActions {
  const engine = useEngine();
  const queries = useQueryClient();
  const start = useStartTransfer();
  return useMemo(() => {
    const say = (work: Promise<unknown>) =>
      void work
        .catch((thrown: unknown) => reportError(thrown))
        .then(() => queries.invalidateQueries({ queryKey: queryKeys.pulls }));
    const { forget, show } = useTransfers.getState();
    return {
      pause: ({ pull }) => {
        if (pull === undefined) return;
        say(engine.images.pausePull({ pull }).then(() => show(`engine ${pull}`)));
      },
      resume: (view, changed = {}) => {
        const { own, pull, reference, kind } = view;
        forget(view.key);
        const { pull: _before, ...asked } = own?.options ?? {};
        const options = { ...asked, ...(pull !== undefined && { pull }), ...changed };
        start[kind](own?.requested ?? reference, options);
      },
      cancel: ({ task }) => {
        if (task !== undefined) say(engine.system.cancelTask({ task }));
      },
      drop: (view) => {
        forget(view.key);
        show(undefined);
        if (view.pull !== undefined && !isRunning(view)) say(engine.images.dropPull({ pull: view.pull }));
      },
    };
  }, [engine, queries, start]);
}
