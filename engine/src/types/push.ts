export type PushedLayerStage = 'waiting' | 'pushing' | 'pushed' | 'exists' | 'mounted';

export interface PushedLayer {
  readonly digest: string;
  /** `exists`: the repository had it; `mounted`: another one of the registry had it. */
  readonly stage: PushedLayerStage;
  readonly sentBytes: number;
  readonly sizeBytes: number;
}

/** A push as a snapshot: each item replaces the one before. The last one is `done`. */
export type PushProgress =
  | { readonly stage: 'preparing'; readonly reference: string }
  | { readonly stage: 'pushing'; readonly reference: string; readonly layers: readonly PushedLayer[] }
  | {
      readonly stage: 'done';
      readonly reference: string;
      readonly manifestDigest: string;
      /** How each of them came there: a quick push may show them here alone. */
      readonly layers: readonly PushedLayer[];
      /** Of the manifest. */
      readonly sizeBytes: number;
    };
