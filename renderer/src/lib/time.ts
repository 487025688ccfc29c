const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration cut to its two largest parts, for the words of a catalogue. */
export type Duration =
  | { readonly unit: 'seconds'; readonly seconds: number }
  | { readonly unit: 'minutes'; readonly minutes: number; readonly seconds: number }
  | { readonly unit: 'hours'; readonly hours: number; readonly minutes: number }
  | { readonly unit: 'days'; readonly days: number; readonly hours: number };

export function durationOf(milliseconds: number): Duration {
  const ms = Math.max(0, milliseconds);
  if (ms < MINUTE) return { unit: 'seconds', seconds: Math.floor(ms / SECOND) };
  if (ms < HOUR) {
    return { unit: 'minutes', minutes: Math.floor(ms / MINUTE), seconds: Math.floor((ms % MINUTE) / SECOND) };
  }
  if (ms < DAY)
    return { unit: 'hours', hours: Math.floor(ms / HOUR), minutes: Math.floor((ms % HOUR) / MINUTE) };
  return { unit: 'days', days: Math.floor(ms / DAY), hours: Math.floor((ms % DAY) / HOUR) };
}

export interface Ago {
  readonly unit: 'now' | 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years';
  readonly value: number;
}

/** How long ago, in the one unit that a person would say. */
export function agoOf(milliseconds: number): Ago {
  const ms = Math.max(0, milliseconds);
  if (ms < MINUTE) return { unit: 'now', value: 0 };
  if (ms < HOUR) return { unit: 'minutes', value: Math.floor(ms / MINUTE) };
  if (ms < DAY) return { unit: 'hours', value: Math.floor(ms / HOUR) };
  const days = Math.floor(ms / DAY);
  if (days < 14) return { unit: 'days', value: days };
  if (days < 60) return { unit: 'weeks', value: Math.floor(days / 7) };
  if (days < 730) return { unit: 'months', value: Math.floor(days / 30) };
  return { unit: 'years', value: Math.floor(days / 365) };
}
