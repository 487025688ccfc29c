/** Of each step so many bytes stay, the last ones. */
const KEPT_BYTES = 1024 * 1024;

interface StepLog {
  readonly pieces: Uint8Array[];
  bytes: number;
  cut: boolean;
}

/** What the steps of a build have written, bounded. */
export class StepLogs {
  private readonly logs = new Map<number, StepLog>();

  add(step: number, data: Uint8Array): void {
    const log = this.logs.get(step) ?? { pieces: [], bytes: 0, cut: false };
    this.logs.set(step, log);
    log.pieces.push(data);
    log.bytes += data.length;
    while (log.bytes > KEPT_BYTES && log.pieces.length > 1) {
      log.bytes -= log.pieces.shift()?.length ?? 0;
      log.cut = true;
    }
  }

  /** In order; `cut`: there was more before. */
  of(step: number): { readonly pieces: readonly Uint8Array[]; readonly cut: boolean } {
    return this.logs.get(step) ?? { pieces: [], cut: false };
  }
}
