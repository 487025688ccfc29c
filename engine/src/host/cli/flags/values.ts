import { InvalidArgumentError } from 'commander';

const SIZE = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)i?b?$/i;
const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
};

/** `512m`, `1.5g`, `1024`: binary factors, as docker's -m has them. */
export function parseSize(value: string): number {
  const [, number = '', unit = ''] = SIZE.exec(value) ?? [];
  if (number === '') throw new InvalidArgumentError('give a size such as 512m or 2g');
  return Math.round(Number(number) * (FACTORS[unit.toLowerCase()] ?? 1));
}

/** As parseSize, and -1 for "no limit". */
export function parseSwap(value: string): number {
  return value === '-1' ? -1 : parseSize(value);
}

export function parseCpus(value: string): number {
  const cpus = Number(value);
  if (!Number.isFinite(cpus) || cpus <= 0) {
    throw new InvalidArgumentError('give a number of processors such as 1.5');
  }
  return cpus;
}

export function parseInteger(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new InvalidArgumentError('give a whole number');
  return number;
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  t: true,
  f: false,
  1: true,
  0: false,
};

/** As docker's flags take it: `--pause=false`. */
export function parseBoolean(value: string): boolean {
  const word = value.toLowerCase();
  const known = Object.hasOwn(BOOLEANS, word) ? BOOLEANS[word] : undefined;
  if (known === undefined) throw new InvalidArgumentError('give true or false');
  return known;
}

/** Options that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

const DURATION_PARTS = /(\d+(?:\.\d+)?)(h|ms|m|s)/g;
const MILLISECONDS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

const DURATION = /^(\d+(\.\d+)?(h|ms|m|s))+$/;

function durationMs(value: string): number {
  return [...value.matchAll(DURATION_PARTS)].reduce(
    (sum, [, number = '0', unit = 's']) => sum + Number(number) * (MILLISECONDS[unit] ?? 0),
    0,
  );
}

/** `30s`, `1m30s`: milliseconds. */
export function parseDuration(value: string): number {
  if (value === '0') return 0;
  if (!DURATION.test(value)) throw new InvalidArgumentError('give a time such as 30s or 1m30s');
  return durationMs(value);
}

/** A moment as docker takes it: RFC 3339, Unix seconds, or a duration back from now (`10m`, `1h30m`). ISO 8601. */
export function parseMoment(value: string): string {
  if (/^\d+(\.\d+)?$/.test(value)) return new Date(Number(value) * 1000).toISOString();
  if (DURATION.test(value)) return new Date(Date.now() - durationMs(value)).toISOString();
  if (Number.isNaN(Date.parse(value))) {
    throw new InvalidArgumentError('give a time such as 2026-01-31T12:00:00Z, or how long ago: 10m');
  }
  return new Date(value).toISOString();
}

/** `all` or a number of lines; undefined is all. */
export function parseTail(value: string): number | undefined {
  return value === 'all' ? undefined : parseInteger(value);
}

/** `linux/arm64/v8`. */
export function parsePlatform(value: string): { os: string; architecture: string; variant?: string } {
  const [os = '', architecture = '', variant] = value.split('/');
  if (os === '' || architecture === '') throw new InvalidArgumentError('give a platform such as linux/arm64');
  return { os, architecture, ...(variant !== undefined && { variant }) };
}
