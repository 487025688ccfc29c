export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a client sends into an exec or an attachment. */
export type ProcessInput =
  | { readonly kind: 'stdin'; readonly data: Uint8Array }
  | { readonly kind: 'resize'; readonly size: TerminalSize };

/** What comes back. First `ready`, last `exited` (unless detached). */
export type ProcessOutput =
  | { readonly kind: 'ready'; readonly pid: number | null }
  | { readonly kind: 'stdout'; readonly data: Uint8Array }
  | { readonly kind: 'stderr'; readonly data: Uint8Array }
  | { readonly kind: 'exited'; readonly code: number; readonly signal: string | null };
