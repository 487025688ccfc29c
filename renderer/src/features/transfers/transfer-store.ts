import { create } from 'zustand';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { toEngineError } from '@longshore/engine/errors';
import type { EngineClient } from '@longshore/engine/contract';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import {
  afterPull,
  afterPush,
  isUnderWay,
  keyOf,
  newTransfer,
  type Transfer,
  type TransferKind,
  type TransferOptions,
} from './transfer.ts';

interface Transfers {
  readonly transfers: Readonly<Record<string, Transfer>>;
  /** Whose panel is open. */
  readonly shown: string | undefined;
  readonly show: (key: string | undefined) => void;
  readonly set: (transfer: Transfer) => void;
  readonly forget: (key: string) => void;
}

export const useTransfers = create<Transfers>()((set) => ({
  transfers: {},
  shown: undefined,
  show: (shown) => set({ shown }),
  set: (transfer) => set(({ transfers }) => ({ transfers: { ...transfers, [keyOf(transfer)]: transfer } })),
  forget: (key) =>
    set(({ transfers }) => {
      const { [key]: _forgotten, ...others } = transfers;
      return { transfers: others };
    }),
}));

export type StartTransfer = (reference: string, options?: TransferOptions) => void;

export interface TransferStarts {
  readonly pull: StartTransfer;
  readonly push: StartTransfer;
}

/**
 * Start a transfer and follow it to its end, whatever the page shows meanwhile. A second one of the same name joins
 * the first.
 */
export function useStartTransfer(): TransferStarts {
  const engine = useEngine();
  const queries = useQueryClient();
  return useMemo(() => {
    const starter =
      (kind: TransferKind): StartTransfer =>
      (reference, options = {}) =>
        void start(engine, queries, newTransfer(kind, reference, options));
    return { pull: starter('pull'), push: starter('push') };
  }, [engine, queries]);
}

async function start(engine: EngineClient, queries: QueryClient, begun: Transfer): Promise<void> {
  const { transfers, show, set } = useTransfers.getState();
  const key = keyOf(begun);
  show(key);
  const known = transfers[key];
  if (known !== undefined && isUnderWay(known)) return;
  set(begun);
  let latest = begun;
  try {
    for await (const next of begun.kind === 'pull' ? pulled(engine, begun) : pushed(engine, begun)) {
      latest = next;
      set(latest);
    }
    await queries.invalidateQueries({ queryKey: queryKeys.imageList });
    set({ ...latest, listed: true });
  } catch (thrown) {
    await ended(queries, latest, thrown);
  }
}

/**
 * What was cancelled is gone, and what was paused is told by the engine's list. What failed stays here, with what it
 * was asked for, until it is tried again or put away.
 */
async function ended(queries: QueryClient, transfer: Transfer, thrown: unknown): Promise<void> {
  await queries.invalidateQueries({ queryKey: queryKeys.pulls });
  if (toEngineError(thrown).code === 'cancelled') useTransfers.getState().forget(keyOf(transfer));
  else useTransfers.getState().set({ ...transfer, error: thrown });
}

async function* pulled(engine: EngineClient, transfer: Transfer): AsyncGenerator<Transfer> {
  const { pull, credentials, ...options } = transfer.options;
  const common = { background: true, ...(credentials !== undefined && { credentials }) };
  const progress =
    pull === undefined
      ? engine.images.pull({ reference: transfer.requested, ...common, ...options })
      : engine.images.resumePull({ pull, ...common });
  let latest = transfer;
  for await (const step of progress) {
    latest = afterPull(latest, step);
    yield latest;
  }
}

async function* pushed(engine: EngineClient, transfer: Transfer): AsyncGenerator<Transfer> {
  const { credentials, insecure = false } = transfer.options;
  const request = { reference: transfer.requested, background: true, insecure };
  let latest = transfer;
  for await (const step of engine.images.push({
    ...request,
    ...(credentials !== undefined && { credentials }),
  })) {
    latest = afterPush(latest, step);
    yield latest;
  }
}
