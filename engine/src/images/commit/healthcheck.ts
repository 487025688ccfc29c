import type { HealthcheckDocument } from './run-config.ts';

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

const DURATION = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/;

const FIELDS = {
  interval: 'Interval',
  timeout: 'Timeout',
  'start-period': 'StartPeriod',
  'start-interval': 'StartInterval',
} as const;

/**
 * `HEALTHCHECK`'s arguments: `NONE`, or options and `CMD` with an argument vector or a line for the shell. `asVector`
 * reads JSON's form, and is null for a line. Null: not valid.
 */
export function parseHealthcheck(
  text: string,
  asVector: (text: string) => readonly string[] | null,
): HealthcheckDocument | null {
  if (/^none$/i.test(text.trim())) return { Test: ['NONE'] };
  const { options, rest } = leadingOptions(text.trim());
  const command = /^cmd\s+(.+)$/is.exec(rest)?.[1];
  if (command === undefined) return null;
  const vector = asVector(command);
  const test = vector === null ? ['CMD-SHELL', command] : ['CMD', ...vector];
  let check: HealthcheckDocument = { Test: test };
  for (const [name, value] of options) {
    const field = fieldOf(name, value);
    if (field === null) return null;
    check = { ...check, ...field };
  }
  return check;
}

function leadingOptions(text: string): {
  readonly options: readonly (readonly [string, string])[];
  readonly rest: string;
} {
  const options: (readonly [string, string])[] = [];
  let rest = text;
  for (;;) {
    const match = /^--([a-z-]+)=(\S*)\s+/.exec(rest);
    if (match === null) return { options, rest };
    const [whole, name = '', value = ''] = match;
    options.push([name, value]);
    rest = rest.slice(whole.length);
  }
}

function fieldOf(name: string, value: string): Partial<HealthcheckDocument> | null {
  if (name === 'retries') return /^\d{1,6}$/.test(value) ? { Retries: Number(value) } : null;
  if (!isDurationOption(name) || !DURATION.test(value)) return null;
  return { [FIELDS[name]]: nanoseconds(value) };
}

function isDurationOption(name: string): name is keyof typeof FIELDS {
  return Object.hasOwn(FIELDS, name);
}

/** Go's way to write a duration: `1m30s`. */
function nanoseconds(value: string): number {
  let sum = 0;
  for (const [, count = '0', unit = ''] of value.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    sum += Number(count) * (UNITS[unit] ?? 0);
  }
  return Math.round(sum);
}
