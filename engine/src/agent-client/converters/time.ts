const SECOND = 1_000_000_000n;
const FRACTION = /\.(\d{1,9})/;

/** Nanoseconds since 1970 as ISO 8601 with all nine digits: as text, later is greater. */
export function isoFromUnixNs(unixNs: bigint): string {
  return `${wholeSecond(Number(unixNs / SECOND))}.${String(unixNs % SECOND).padStart(9, '0')}Z`;
}

/** ISO 8601 with any number of fraction digits; 0 for null. */
export function unixNsFromIso(iso: string | null): bigint {
  if (iso === null) return 0n;
  const seconds = BigInt(Math.floor(Date.parse(iso) / 1000));
  const fraction = FRACTION.exec(iso)?.[1] ?? '';
  return seconds * SECOND + BigInt(fraction.padEnd(9, '0'));
}

let lastSecond = Number.NaN;
let lastText = '';

/** Lines of a log come many to a second: its text is made once. */
function wholeSecond(seconds: number): string {
  if (seconds !== lastSecond) {
    lastSecond = seconds;
    lastText = new Date(seconds * 1000).toISOString().slice(0, 19);
  }
  return lastText;
}
