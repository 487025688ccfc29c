import { DockerError } from './failure.ts';

/** Filters are small: a list of labels or names. */
const MAX_FILTERS_LENGTH = 64 * 1024;

/** What a list is narrowed by. */
export class Filters {
  private readonly values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.values = values;
  }

  /** Undefined when the filter was not given. */
  get(name: string): string[] | undefined {
    const values = this.values.get(name);
    return values === undefined ? undefined : [...values];
  }

  /** The one value of a filter that makes sense once. */
  single(name: string): string | undefined {
    const values = this.values.get(name) ?? [];
    if (values.length > 1) throw new DockerError(400, `invalid filter '${name}': more than one value`);
    return values[0];
  }

  flag(name: string): boolean | undefined {
    const value = this.single(name)?.toLowerCase();
    if (value === undefined) return undefined;
    if (value === 'true' || value === '1') return true;
    if (value === 'false' || value === '0') return false;
    throw new DockerError(400, `invalid filter '${name}=[${value.slice(0, 64)}]'`);
  }

  /** Values of which only these are known. */
  words<Word extends string>(name: string, known: readonly Word[]): Word[] | undefined {
    return this.get(name)?.map((value) => {
      const word = known.find((one) => one === value);
      if (word !== undefined) return word;
      throw new DockerError(400, `invalid filter '${name}=${value.slice(0, 64)}'`);
    });
  }
}

/**
 * Both encodings: `{"label":["a=b"]}` of API 1.22 and on, and the older `{"label":{"a=b":true}}`, which Go's clients
 * still send. A filter that is not known is refused: to leave it out would act on more than was meant.
 */
export function parseFilters(text: string, known: readonly string[]): Filters {
  const values = new Map<string, readonly string[]>();
  if (text === '') return new Filters(values);
  for (const [name, given] of Object.entries(parseObject(text))) {
    if (!known.includes(name)) throw new DockerError(400, `invalid filter '${name.slice(0, 64)}'`);
    values.set(name, valuesOf(given));
  }
  return new Filters(values);
}

function parseObject(text: string): object {
  if (text.length > MAX_FILTERS_LENGTH) throw new DockerError(400, 'invalid filter: it is too long');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (thrown) {
    throw new DockerError(400, 'invalid filter: it is not JSON', { cause: thrown });
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new DockerError(400, 'invalid filter: it is not a JSON object');
}

function valuesOf(given: unknown): readonly string[] {
  if (Array.isArray(given) && given.every((value) => typeof value === 'string')) return given;
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    const entries = Object.entries(given);
    if (entries.every(([, on]) => typeof on === 'boolean')) {
      return entries.filter(([, on]) => on === true).map(([value]) => value);
    }
  }
  throw new DockerError(400, 'invalid filter: its values are no list');
}
