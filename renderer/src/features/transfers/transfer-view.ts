import { useMemo } from 'react';
import { fromWire } from '@longshore/engine/errors';
import type { ImagePull, ImageSummary, Platform, Task } from '@longshore/engine/types';
import { useTasks } from '../tasks/queries.ts';
import { usePulls } from './queries.ts';
import { isUnderWay, keyOf, type Transfer, type TransferKind, type TransferResult } from './transfer.ts';
import {
  pulledLayer,
  speedOf,
  totalsOf,
  type TransferLayer,
  type TransferTotals,
} from './transfer-figures.ts';
import { useTransfers } from './transfer-store.ts';

/**
 * `asking`: the registry has not answered yet. `paused` and `interrupted` pulls can go on; `failed` ones as well when
 * the engine has kept what they had, else they begin anew.
 */
export type TransferState = 'asking' | 'moving' | 'paused' | 'interrupted' | 'failed' | 'done';

/** A transfer as it is shown, whether this page began it, another door, or an engine that has ended since. */
export interface TransferView {
  readonly key: string;
  readonly kind: TransferKind;
  readonly reference: string;
  readonly state: TransferState;
  readonly platform: Platform | undefined;
  readonly startedAt: number;
  readonly layers: readonly TransferLayer[];
  /** Null until it is known what there is to move. */
  readonly totals: TransferTotals | null;
  /** Bytes a second. */
  readonly speed: number | null;
  readonly error: unknown;
  readonly result: TransferResult | undefined;
  /** That does it, while it runs: cancels it. */
  readonly task: string | undefined;
  /** The engine's name of a pull that can be paused, resumed or dropped. */
  readonly pull: string | undefined;
  /** Until when the engine keeps what a pull has that does not run. */
  readonly expiresAt: string | null;
  /** What this page knows of it. */
  readonly own: Transfer | undefined;
}

/** All that are on their way, have stopped short, or have just ended, oldest first. */
export function useTransferViews(): readonly TransferView[] {
  const transfers = useTransfers((state) => state.transfers);
  const pulls = usePulls().data;
  const tasks = useTasks().data;
  return useMemo(
    () => transferViews(Object.values(transfers), pulls ?? [], tasks ?? []),
    [transfers, pulls, tasks],
  );
}

export function transferViews(
  own: readonly Transfer[],
  pulls: readonly ImagePull[],
  tasks: readonly Task[],
): readonly TransferView[] {
  const views = own.map((transfer) =>
    ownView(
      transfer,
      pulls.find((pull) => isSame(transfer, pull)),
      tasks,
    ),
  );
  const others = pulls.filter((pull) => !own.some((transfer) => isSame(transfer, pull))).map(enginesView);
  const pushes = tasks
    .filter(({ kind, status }) => kind === 'image-push' && status === 'running')
    .filter(({ subject }) => !own.some((each) => each.kind === 'push' && each.reference === subject))
    .map(pushView);
  return [...views, ...others, ...pushes].sort((a, b) => a.startedAt - b.startedAt);
}

/** The images whose place is not taken by a pull: of the two rows there is always one. */
export function withoutComing(
  images: readonly ImageSummary[],
  views: readonly TransferView[],
): readonly ImageSummary[] {
  const coming = new Set(
    views
      .filter(({ kind, state }) => kind === 'pull' && state !== 'failed')
      .map(({ reference }) => reference),
  );
  if (coming.size === 0) return images;
  return images.filter(({ references }) => !references.some((reference) => coming.has(reference)));
}

/** Those that have a row of their own: what is done and listed has given way to its image. */
export function inList(view: TransferView): boolean {
  return view.kind === 'push' ? view.state !== 'done' : view.own?.listed !== true;
}

export function isRunning({ state }: Pick<TransferView, 'state'>): boolean {
  return state === 'asking' || state === 'moving';
}

/** Those that do not run and have not ended well. */
export function isStopped(state: TransferState): state is 'paused' | 'interrupted' | 'failed' {
  return state === 'paused' || state === 'interrupted' || state === 'failed';
}

function isSame(transfer: Transfer, pull: ImagePull): boolean {
  if (transfer.kind !== 'pull') return false;
  if (transfer.options.pull !== undefined) return transfer.options.pull === pull.id;
  if (transfer.reference !== pull.reference) return false;
  return transfer.platform === undefined || samePlatform(transfer.platform, pull.platform);
}

function samePlatform(a: Platform, b: Platform): boolean {
  return a.os === b.os && a.architecture === b.architecture && a.variant === b.variant;
}

function ownView(own: Transfer, pull: ImagePull | undefined, tasks: readonly Task[]): TransferView {
  const layers = own.layers ?? [];
  return {
    key: keyOf(own),
    kind: own.kind,
    reference: own.reference,
    state: ownState(own),
    platform: own.platform,
    startedAt: own.startedAt,
    layers,
    totals: layers.length === 0 ? null : totalsOf(layers),
    speed: speedOf(own.samples),
    error: own.error,
    result: own.result,
    task: isUnderWay(own) ? (pull?.task ?? runningTask(own, tasks)) : undefined,
    pull: pull?.id,
    expiresAt: pull?.expiresAt ?? null,
    own,
  };
}

function ownState(own: Transfer): TransferState {
  if (own.error !== undefined) return 'failed';
  if (own.result !== undefined) return 'done';
  return own.layers === undefined ? 'asking' : 'moving';
}

function runningTask({ kind, reference }: Transfer, tasks: readonly Task[]): string | undefined {
  const wanted = kind === 'pull' ? 'image-pull' : 'image-push';
  return tasks.find((task) => task.kind === wanted && task.status === 'running' && task.subject === reference)
    ?.id;
}

function enginesView(pull: ImagePull): TransferView {
  const { progress, sizeBytes, downloadedBytes } = pull;
  const layers = progress?.stage === 'pulling' ? progress.layers.map(pulledLayer) : [];
  const kept = sizeBytes === null ? null : keptTotals(downloadedBytes ?? 0, sizeBytes);
  return {
    key: `engine ${pull.id}`,
    kind: 'pull',
    reference: pull.reference,
    state: pull.status !== 'running' ? pull.status : layers.length === 0 ? 'asking' : 'moving',
    platform: pull.platform,
    startedAt: Date.parse(pull.startedAt),
    layers,
    totals: layers.length > 0 ? totalsOf(layers) : kept,
    speed: null,
    error: pull.error === null ? undefined : fromWire(pull.error),
    result: undefined,
    task: pull.task ?? undefined,
    pull: pull.id,
    expiresAt: pull.expiresAt,
    own: undefined,
  };
}

/** Of a pull that does not run it is known what has been downloaded, not what of it is unpacked. */
function keptTotals(movedBytes: number, totalBytes: number): TransferTotals {
  return { movedBytes, totalBytes, fraction: totalBytes === 0 ? 0 : movedBytes / totalBytes };
}

function pushView({ id, subject, startedAt, fraction }: Task): TransferView {
  return {
    key: `task ${id}`,
    kind: 'push',
    reference: subject,
    state: fraction === null ? 'asking' : 'moving',
    platform: undefined,
    startedAt: Date.parse(startedAt),
    layers: [],
    totals: fraction === null ? null : { movedBytes: 0, totalBytes: 0, fraction },
    speed: null,
    error: undefined,
    result: undefined,
    task: id,
    pull: undefined,
    expiresAt: null,
    own: undefined,
  };
}
