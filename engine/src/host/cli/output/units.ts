import { humanDuration } from '../../../human-duration.ts';

export { humanDuration };

export function ago(iso: string | null, now = Date.now()): string {
  return iso === null ? 'N/A' : `${humanDuration(Math.max(0, now - Date.parse(iso)))} ago`;
}

const SIZE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;
const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Decimal units with three significant digits, as docker prints sizes: `74.8MB`. */
export function humanSize(bytes: number): string {
  return scaled(bytes, 1000, SIZE_UNITS, 3);
}

/** Binary units with four significant digits, as docker prints memory: `20.31MiB`. */
export function humanBinarySize(bytes: number): string {
  return scaled(bytes, 1024, BINARY_UNITS, 4);
}

function scaled(bytes: number, factor: number, units: readonly string[], digits: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= factor && unit < units.length - 1) {
    value /= factor;
    unit += 1;
  }
  return `${Number(value.toPrecision(digits))}${units[unit] ?? ''}`;
}
