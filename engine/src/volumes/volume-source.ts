/** A volume that a container asks for. */
export interface VolumeOrder {
  readonly name: string;
  readonly anonymous: boolean;
  /** Of a new one; one that is there must have been made with these options, if there are any. */
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** Where containers get their volumes. */
export interface VolumeSource {
  /** Makes it if there is none. The caller counts as its user already. */
  ensure(order: VolumeOrder, signal?: AbortSignal): Promise<void>;
  /** Fills it, if it is empty, with what an image has at the path. */
  fill(
    volume: string,
    image: { readonly chainIds: readonly string[]; readonly path: string },
    signal?: AbortSignal,
  ): Promise<void>;
  /** Removes for good those that nobody has any more. */
  discard(volumes: readonly string[]): Promise<void>;
}
