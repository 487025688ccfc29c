import { z } from 'zod';

/** Fields of requests as Go reads them: `null` and a field that is not there are the same, unknown ones are ignored. */

type OrAbsent<T extends z.ZodType> = z.ZodType<z.output<T> | undefined>;

function orAbsent<T extends z.ZodType>(schema: T): OrAbsent<T> {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** One word or line: a name, a path, an option. */
export const word = orAbsent(z.string().max(131_072));
/** A document in a string, such as a seccomp profile. */
export const longText = orAbsent(z.string().max(1024 * 1024));
export const flag = orAbsent(z.boolean());
export const integer = orAbsent(z.number().int());
export const words = orAbsent(z.array(z.string().max(1024 * 1024)).max(65_536));
export const dictionary = orAbsent(z.record(z.string().max(4096), z.string().max(65_536)));
/** Go's `map[string]struct{}`. */
export const nameSet = orAbsent(z.record(z.string().max(4096), z.unknown()));
/** Go's `strslice`: one string, or several. */
export const commandLine = orAbsent(
  z.union([z.string().max(131_072), z.array(z.string().max(131_072)).max(65_536)]),
).transform((value) => (typeof value === 'string' ? [value] : value));

export function list<T extends z.ZodType>(item: T): OrAbsent<z.ZodArray<T>> {
  return orAbsent(z.array(item).max(65_536));
}

export function mapOf<T extends z.ZodType>(value: T): OrAbsent<z.ZodRecord<z.ZodString, T>> {
  return orAbsent(z.record(z.string().max(4096), value));
}

export function struct<T extends z.ZodRawShape>(shape: T): OrAbsent<z.ZodObject<T>> {
  return orAbsent(z.object(shape));
}

/** Go's empty text says nothing, as a field that is not there. */
export function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** Go's time of nothing. */
export const ZERO_TIME = '0001-01-01T00:00:00Z';

export function unixSeconds(iso: string | null): number {
  return iso === null ? 0 : Math.floor(Date.parse(iso) / 1000);
}

/** Go's empty map is `null` in some places and `{}` in others; this is the second. */
export function emptySets(names: readonly string[]): Readonly<Record<string, object>> {
  return Object.fromEntries(names.map((name) => [name, {}]));
}
