/** Ctrl-P Ctrl-Q, docker's default. */
const SEQUENCE = [0x10, 0x11] as const;

/**
 * Watches what is typed for the keys that leave a container running. A first key that is not followed by the second
 * is passed on with what comes after it.
 */
export class DetachKeys {
  private matched = 0;

  /** The bytes to send on, and whether the keys were completed. */
  filter(data: Uint8Array): { readonly data: Uint8Array; readonly detached: boolean } {
    const out: number[] = [];
    for (const byte of data) {
      if (byte === SEQUENCE[this.matched]) {
        this.matched += 1;
        if (this.matched === SEQUENCE.length) return { data: Uint8Array.from(out), detached: true };
        continue;
      }
      out.push(...SEQUENCE.slice(0, this.matched));
      this.matched = byte === SEQUENCE[0] ? 1 : 0;
      if (this.matched === 0) out.push(byte);
    }
    return { data: Uint8Array.from(out), detached: false };
  }
}
