const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The steps of docker's `units.HumanDuration`: from a limit on, count in this unit. */
const DURATIONS = [
  { below: 2 * MINUTE, one: 'About a minute', unit: MINUTE, name: 'minutes', from: MINUTE },
  { below: HOUR, unit: MINUTE, name: 'minutes', from: 2 * MINUTE },
  { below: 2 * HOUR, one: 'About an hour', unit: HOUR, name: 'hours', from: HOUR },
  { below: 2 * DAY, unit: HOUR, name: 'hours', from: 2 * HOUR },
  { below: 14 * DAY, unit: DAY, name: 'days', from: 2 * DAY },
  { below: 60 * DAY, unit: 7 * DAY, name: 'weeks', from: 14 * DAY },
  { below: 730 * DAY, unit: 30 * DAY, name: 'months', from: 60 * DAY },
] as const;

export function humanDuration(milliseconds: number): string {
  if (milliseconds < SECOND) return 'Less than a second';
  if (milliseconds < 2 * SECOND) return '1 second';
  if (milliseconds < MINUTE) return `${Math.floor(milliseconds / SECOND)} seconds`;
  for (const step of DURATIONS) {
    if (milliseconds >= step.below) continue;
    return 'one' in step ? step.one : `${Math.floor(milliseconds / step.unit)} ${step.name}`;
  }
  return `${Math.floor(milliseconds / (365 * DAY))} years`;
}

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
