/** So many bytes are written together: each write costs a call and two changes of threads. */
const ENOUGH_BYTES = 1024 * 1024;
/** Bytes that may wait, those that are being written included. */
const MAX_WAITING_BYTES = 4 * ENOUGH_BYTES;
/** Fewer are written after so long, so that a slow source's bytes do not wait for more. */
const PATIENCE_MS = 50;

/**
 * Writes what is added in few large pieces, in order and one at a time, while more is being added. `end` must be
 * called however adding has ended: only then is everything written, or known why not.
 */
export class WriteBehind {
  private readonly write: (chunks: readonly Uint8Array[]) => Promise<void>;
  private chunks: Uint8Array[] = [];
  private gathered = 0;
  private beingWritten = 0;
  private writing: Promise<void> | null = null;
  private patience: NodeJS.Timeout | undefined;
  /** After it nothing more is written. */
  private failure: { readonly reason: unknown } | null = null;

  constructor(write: (chunks: readonly Uint8Array[]) => Promise<void>) {
    this.write = write;
  }

  /** The chunk must not change any more. Resolves when there is room for another; fails as a write before has. */
  async add(chunk: Uint8Array): Promise<void> {
    this.chunks.push(chunk);
    this.gathered += chunk.byteLength;
    if (this.gathered >= ENOUGH_BYTES) this.begin();
    else this.patience ??= setTimeout(() => this.begin(), PATIENCE_MS);
    while (this.gathered + this.beingWritten > MAX_WAITING_BYTES && this.failure === null) await this.writing;
    this.check();
  }

  async end(): Promise<void> {
    do {
      this.begin();
      await this.writing;
    } while (this.gathered > 0 && this.failure === null);
    clearTimeout(this.patience);
    this.check();
  }

  private begin(): void {
    if (this.writing !== null || this.gathered === 0 || this.failure !== null) return;
    clearTimeout(this.patience);
    this.patience = undefined;
    const batch = this.chunks;
    this.beingWritten = this.gathered;
    [this.chunks, this.gathered] = [[], 0];
    this.writing = this.write(batch)
      .catch((reason: unknown) => (this.failure = { reason }))
      .then(() => {
        this.writing = null;
        this.beingWritten = 0;
        // The next may have become large enough meanwhile.
        if (this.gathered >= ENOUGH_BYTES) this.begin();
      });
  }

  private check(): void {
    if (this.failure !== null) throw this.failure.reason;
  }
}
