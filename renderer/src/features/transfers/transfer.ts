import type { ImageSummary, Platform, PullProgress, PushProgress } from '@longshore/engine/types';
import {
  pulledLayer,
  pushedLayer,
  type SpeedSample,
  totalsOf,
  type TransferLayer,
  withSample,
} from './transfer-figures.ts';

export type TransferKind = 'pull' | 'push';

export interface TransferCredentials {
  readonly username: string;
  readonly password: string;
}

export interface TransferOptions {
  /** Of a pull: another than this machine's. */
  readonly platform?: Platform;
  readonly credentials?: TransferCredentials;
  readonly insecure?: boolean;
  /** The engine's name of a pull that stopped short, which this one goes on with. */
  readonly pull?: string;
}

/** What came of a transfer that has ended well. */
export type TransferResult =
  | { readonly kind: 'pull'; readonly image: ImageSummary; readonly upToDate: boolean }
  | { readonly kind: 'push'; readonly manifestDigest: string };

/** A pull or push that this page has started. It goes on in the engine when the page goes. */
export interface Transfer {
  readonly kind: TransferKind;
  /** As it was asked for. */
  readonly requested: string;
  /** As the engine's tasks and events name it. */
  readonly reference: string;
  readonly options: TransferOptions;
  readonly startedAt: number;
  readonly platform: Platform | undefined;
  /** Undefined until the registry has answered. */
  readonly layers: readonly TransferLayer[] | undefined;
  readonly samples: readonly SpeedSample[];
  readonly result: TransferResult | undefined;
  readonly error: unknown;
  /** Of a pull: it is done, and the list of images has been read since. */
  readonly listed: boolean;
}

export function newTransfer(kind: TransferKind, requested: string, options: TransferOptions): Transfer {
  return {
    kind,
    requested,
    reference: requested,
    options,
    startedAt: Date.now(),
    platform: options.platform,
    layers: undefined,
    samples: [],
    result: undefined,
    error: undefined,
    listed: false,
  };
}

/** One of each kind for a name. */
export function keyOf({ kind, requested }: Pick<Transfer, 'kind' | 'requested'>): string {
  return `${kind} ${requested}`;
}

export function isUnderWay(transfer: Transfer): boolean {
  return transfer.error === undefined && transfer.result === undefined;
}

export function afterPull(transfer: Transfer, progress: PullProgress): Transfer {
  const { reference } = progress;
  switch (progress.stage) {
    case 'resolving':
      return { ...transfer, reference };
    case 'pulling':
      return withLayers(
        { ...transfer, reference, platform: progress.platform },
        progress.layers.map(pulledLayer),
      );
    case 'done': {
      const { image, upToDate } = progress;
      return { ...transfer, reference, result: { kind: 'pull', image, upToDate } };
    }
  }
}

export function afterPush(transfer: Transfer, progress: PushProgress): Transfer {
  const { reference } = progress;
  if (progress.stage === 'preparing') return { ...transfer, reference };
  const moved = withLayers({ ...transfer, reference }, progress.layers.map(pushedLayer));
  if (progress.stage === 'pushing') return moved;
  return { ...moved, result: { kind: 'push', manifestDigest: progress.manifestDigest } };
}

function withLayers(transfer: Transfer, layers: readonly TransferLayer[]): Transfer {
  const sample = { at: Date.now(), bytes: totalsOf(layers).movedBytes };
  return { ...transfer, layers, samples: withSample(transfer.samples, sample) };
}
