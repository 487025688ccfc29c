import { Reason } from '../problems/reason.ts';

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;
const MAX_LENGTH = 64;
const MILLISECOND = 1e6;

/** Nanoseconds of Go's `1m30s`. Not below a millisecond, save zero. */
export function parseDuration(text: string): number {
  if (text === '0') return 0;
  let sum = 0;
  let at = 0;
  while (at < text.length && text.length <= MAX_LENGTH) {
    PART.lastIndex = at;
    const [whole, count = '', unit = ''] = PART.exec(text) ?? [];
    if (whole === undefined) throw notADuration(text);
    sum += Number(count) * (UNITS[unit] ?? 0);
    at += whole.length;
  }
  if (at === 0 || !Number.isSafeInteger(Math.round(sum))) throw notADuration(text);
  if (sum > 0 && sum < MILLISECOND) throw new Reason(`The duration ${text} is below 1ms.`);
  return Math.round(sum);
}

function notADuration(text: string): Reason {
  return new Reason(
    `"${text.slice(0, MAX_LENGTH)}" is no duration.`,
    'A duration is written like 30s or 1m30s.',
  );
}
