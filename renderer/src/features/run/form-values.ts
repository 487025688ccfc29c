import type { NameValueRow } from './run-rows.ts';

const MIB = 1024 * 1024;

/** Rows that are wholly empty are not there. */
export function pairs(rows: readonly NameValueRow[]): readonly NameValueRow[] {
  return rows.filter(({ name, value }) => name !== '' || value !== '');
}

export function text(value: string): string | undefined {
  return value.trim() === '' ? undefined : value.trim();
}

export function flag(value: boolean): true | undefined {
  return value ? true : undefined;
}

export function words(value: string): string[] {
  return value.split(/[\s,]+/).filter((word) => word !== '');
}

export function number(value: string): number | undefined {
  const trimmed = value.trim();
  if (trimmed === '') return undefined;
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : Number.NaN;
}

export function mib(value: string): number | undefined {
  const size = number(value);
  return size === undefined ? undefined : Math.round(size * MIB);
}

export function seconds(value: string): number | undefined {
  const time = number(value);
  return time === undefined ? undefined : time * 1000;
}

export function record(rows: readonly NameValueRow[]): Record<string, string> {
  return Object.fromEntries(pairs(rows).map(({ name, value }) => [name, value]));
}

type Said<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Only what says something: no undefined, no empty list, no empty object. An empty entrypoint does say something. */
export function said<T extends object>(fields: T): Said<T> {
  const entries = Object.entries(fields).filter(([name, value]: [string, unknown]) => {
    if (value === undefined) return false;
    if (name === 'entrypoint' || typeof value !== 'object' || value === null) return true;
    return Object.keys(value).length > 0;
  });
  // The filter takes away exactly what the type makes optional.
  return Object.fromEntries(entries) as Said<T>;
}

/** The same; undefined when nothing is said at all. */
export function whole<T extends object>(fields: T): Said<T> | undefined {
  const kept = said(fields);
  return Object.keys(kept).length > 0 ? kept : undefined;
}
