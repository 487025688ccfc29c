import { EngineError } from './errors/index.ts';

/** Ctrl-P Ctrl-Q, docker's default. */
export const DEFAULT_DETACH_KEYS: readonly number[] = [0x10, 0x11];

/** As docker writes them: `ctrl-p,ctrl-q`, `ctrl-@,x`. Empty is none. Fails `invalid-argument`. */
export function parseDetachKeys(value: string): readonly number[] {
  return value === '' ? [] : value.split(',').map(parseKey);
}

function parseKey(key: string): number {
  const control = /^ctrl-([a-z@[\\\]^_])$/i.exec(key)?.[1];
  // A control character is its letter without the two highest bits.
  if (control !== undefined) return control.toUpperCase().charCodeAt(0) & 0x1f;
  if (/^[\x20-\x7e]$/.test(key)) return key.charCodeAt(0);
  throw new EngineError('invalid-argument', 'give keys such as ctrl-p,ctrl-q or ctrl-x,x', {
    detail: { path: key.slice(0, 100) },
  });
}

/**
 * Watches what is typed for the keys that leave a container running. Keys that begin the sequence and do not end it are
 * passed on with what comes after them.
 */
export class DetachKeys {
  private readonly sequence: readonly number[];
  private matched = 0;

  constructor(sequence: readonly number[] = DEFAULT_DETACH_KEYS) {
    this.sequence = sequence;
  }

  /** The bytes to send on, and whether the keys were completed. */
  filter(data: Uint8Array): { readonly data: Uint8Array; readonly detached: boolean } {
    const { sequence } = this;
    if (sequence.length === 0) return { data, detached: false };
    const out: number[] = [];
    for (const byte of data) {
      while (this.matched > 0 && byte !== sequence[this.matched]) out.push(...this.giveBack());
      if (byte !== sequence[this.matched]) {
        out.push(byte);
        continue;
      }
      this.matched += 1;
      if (this.matched === sequence.length) return { data: Uint8Array.from(out), detached: true };
    }
    return { data: Uint8Array.from(out), detached: false };
  }

  /** What was held back and can no longer begin the sequence: the end of it may still. */
  private giveBack(): readonly number[] {
    const held = this.sequence.slice(0, this.matched);
    for (let given = 1; given < held.length; given += 1) {
      const rest = held.slice(given);
      if (rest.every((byte, index) => byte === this.sequence[index])) {
        this.matched = rest.length;
        return held.slice(0, given);
      }
    }
    this.matched = 0;
    return held;
  }
}
