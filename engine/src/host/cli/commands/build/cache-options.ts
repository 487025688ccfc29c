import { resolve } from 'node:path';
import type { BuildRequestInput } from '../../../../contract/index.ts';
import { EngineError } from '../../../../errors/index.ts';

type CacheSource = NonNullable<BuildRequestInput['cacheFrom']>[number];
type CacheTarget = NonNullable<BuildRequestInput['cacheTo']>[number];

/** `NAME`, `type=registry,ref=NAME`, or `type=local,src=FOLDER`. */
export function cacheSourceOf(text: string): CacheSource {
  if (!text.includes('=')) return { type: 'registry', reference: text };
  const { type, ref, src = '' } = fieldsOf(text);
  if (type === 'registry' && ref !== undefined) return { type, reference: ref };
  if (type === 'local' && src !== '') return { type, path: resolve(src) };
  throw wrong('A cache is read from type=registry,ref=NAME or type=local,src=FOLDER.', text);
}

/**
 * `NAME`, `type=registry,ref=NAME`, `type=local,dest=FOLDER` or `type=inline`. Of `mode` only `max` is written to a
 * registry or a folder, which has what `min` has, and the other stages.
 */
export function cacheTargetOf(text: string): CacheTarget {
  if (!text.includes('=')) return { type: 'registry', reference: text };
  const { type, ref, dest = '' } = fieldsOf(text);
  if (type === 'inline') return { type };
  if (type === 'registry' && ref !== undefined) return { type, reference: ref };
  if (type === 'local' && dest !== '') return { type, path: resolve(dest) };
  throw wrong('A cache is written to type=registry,ref=NAME, type=local,dest=FOLDER or type=inline.', text);
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
