/** A failure's reason is the system's word for it (`ENOSPC`), or empty. */
export type SaveAnswer = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** A file at a place that the person chooses, written piece by piece. Only when it is whole is it there. */
export interface SaveDoor {
  /** Null: the person gave up. */
  start(
    suggestedName: string,
  ): Promise<
    { readonly ok: true; readonly id: number | null } | { readonly ok: false; readonly reason: string }
  >;
  /** Resolves when the next piece may come. */
  write(id: number, bytes: Uint8Array): Promise<SaveAnswer>;
  /** `whole`: puts it in its place; else throws it away. */
  end(id: number, whole: boolean): Promise<SaveAnswer>;
}
