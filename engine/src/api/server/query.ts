import { DockerError } from './failure.ts';
import { type Filters, parseFilters } from './filters.ts';

/** What Docker's own server takes for "no"; anything else is "yes". */
const FALSE_WORDS: ReadonlySet<string> = new Set(['', '0', 'no', 'false', 'none']);

const SECOND_MS = 1000;

/** The parameters behind the `?`, read as Docker's own server reads them. */
export class Query {
  private readonly values: URLSearchParams;

  constructor(values: URLSearchParams) {
    this.values = values;
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** Undefined when it is empty or not there. */
  text(name: string): string | undefined {
    const value = this.values.get(name);
    return value === null || value === '' ? undefined : value;
  }

  texts(name: string): readonly string[] {
    return this.values.getAll(name).filter((value) => value !== '');
  }

  flag(name: string, otherwise = false): boolean {
    const value = this.values.get(name);
    if (value === null) return otherwise;
    return !FALSE_WORDS.has(value.trim().toLowerCase());
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = /^[+-]?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (Number.isNaN(number)) {
      throw new DockerError(400, `invalid ${name}: "${value.slice(0, 64)}" is not a whole number`);
    }
    return number;
  }

  /** ISO 8601, of a moment in any of Docker's forms; undefined for none, and for Docker's zero. */
  moment(name: string): string | undefined {
    const value = this.text(name);
    return value === undefined || value === '0' ? undefined : parseMoment(value, name);
  }

  /** `filters`, of which only these are known here. */
  filters(known: readonly string[]): Filters {
    return parseFilters(this.values.get('filters') ?? '', known);
  }
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: SECOND_MS,
  m: 60 * SECOND_MS,
  h: 3600 * SECOND_MS,
};

/** ISO 8601 of: seconds since 1970 with or without fraction, RFC 3339 with or without zone, a duration before now. */
export function parseMoment(text: string, field: string, now = Date.now()): string {
  const seconds = /^(-?\d{1,12})(?:\.(\d{1,9}))?$/.exec(text);
  if (seconds !== null) return fromUnix(Number(seconds[1]), seconds[2] ?? '');
  const before = durationMs(text);
  if (before !== null) return new Date(now - before).toISOString();
  const parsed = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(withZone(text)) : Number.NaN;
  if (Number.isNaN(parsed)) throw new DockerError(400, `invalid value for "${field}": ${text.slice(0, 64)}`);
  return /T.*\d(Z|[+-]\d\d:\d\d)$/.test(text) ? text : new Date(parsed).toISOString();
}

function withZone(text: string): string {
  return /T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(text) ? `${text}Z` : text;
}

function fromUnix(seconds: number, fraction: string): string {
  const whole = new Date(seconds * SECOND_MS).toISOString();
  return fraction === '' ? whole : whole.replace('.000Z', `.${fraction.padEnd(9, '0')}Z`);
}

/** Go's durations: `1h30m`, `10m`, `1.5s`; null when it is none. */
export function durationMs(text: string): number | null {
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return null;
  let total = 0;
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  return total;
}
