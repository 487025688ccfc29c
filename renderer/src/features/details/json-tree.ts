import { MASK, maskedEnv, variableOf } from '../../lib/secrets.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A copy in which values with a secret's name, and such environment variables, are masked. */
export function masked(value: Json, name = ''): Json {
  if (typeof value === 'string') {
    return variableOf(name, value).secret ? MASK : value;
  }
  if (isList(value)) {
    return value.map((each) =>
      name === 'env' && typeof each === 'string' ? maskedEnv(each) : masked(each, name),
    );
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, masked(each, key)]));
  }
  return value;
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** The values inside, with their names; none for a plain value. */
export function childrenOf(value: Json): readonly (readonly [string, Json])[] {
  if (isList(value)) return value.map((each, index) => [String(index), each] as const);
  if (typeof value === 'object' && value !== null) return Object.entries(value);
  return [];
}

export function isBranch(value: Json): value is readonly Json[] | Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null;
}

/** As `jq` writes it: `.spec.env[0]`. */
export function pathOf(path: readonly string[]): string {
  const steps = path.map((step) => {
    if (/^\d+$/.test(step)) return `[${step}]`;
    return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return steps.length === 0 ? '.' : steps.join('').replace(/^\[/, '.[');
}

/** Whether the name, or anything below it, has the text in it. */
export function contains(name: string, value: Json, search: string): boolean {
  const needle = search.toLowerCase();
  if (name.toLowerCase().includes(needle)) return true;
  if (isBranch(value)) return childrenOf(value).some(([key, each]) => contains(key, each, search));
  return String(value).toLowerCase().includes(needle);
}
