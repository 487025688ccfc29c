import type { BuildRequestInput } from '../../../../contract/index.ts';
import { EngineError } from '../../../../errors/index.ts';

type CacheSource = NonNullable<BuildRequestInput['cacheFrom']>[number];
type CacheTarget = NonNullable<BuildRequestInput['cacheTo']>[number];

/** `NAME`, or `type=registry,ref=NAME`. */
export function cacheSourceOf(text: string): CacheSource {
  if (!text.includes('=')) return { type: 'registry', reference: text };
  const { type, ref } = fieldsOf(text);
  if (type === 'registry' && ref !== undefined) return { type, reference: ref };
  throw wrong('A cache is read from type=registry,ref=NAME.', text);
}

/**
 * `NAME`, `type=registry,ref=NAME` or `type=inline`. Of `mode` only `max` is written to a registry, which has what
 * `min` has, and the other stages.
 */
export function cacheTargetOf(text: string): CacheTarget {
  if (!text.includes('=')) return { type: 'registry', reference: text };
  const { type, ref } = fieldsOf(text);
  if (type === 'inline') return { type };
  if (type === 'registry' && ref !== undefined) return { type, reference: ref };
  throw wrong('A cache is written to type=registry,ref=NAME or type=inline.', text);
}

function fieldsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(',').map((field) => {
      const equals = field.indexOf('=');
      return equals === -1 ? [field, ''] : [field.slice(0, equals), field.slice(equals + 1)];
    }),
  );
}

function wrong(message: string, path: string): EngineError {
  return new EngineError('invalid-argument', message, { detail: { path } });
}
