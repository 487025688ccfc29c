import type { z } from 'zod';
import { EngineError } from '../errors/index.ts';

/** Bytes of a manifest or an index; registries refuse larger ones (distribution-spec, "Pushing manifests"). */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
/** Bytes of an image config. */
export const MAX_CONFIG_BYTES = 8 * 1024 * 1024;

/** Parses a JSON document from outside. `noun` names it in errors: "image manifest". */
export function parseJson(bytes: Uint8Array, noun: string, maxBytes: number): unknown {
  if (bytes.byteLength > maxBytes) throw damaged(noun, `it is larger than ${maxBytes} bytes`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (thrown) {
    throw damaged(noun, 'it is not JSON', thrown);
  }
}

export function checkShape<T>(document: unknown, schema: z.ZodType<T>, noun: string): T {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where =
    issue === undefined || issue.path.length === 0 ? 'it' : `"${issue.path.join('.').slice(0, 200)}"`;
  throw damaged(noun, `${where} is wrong: ${issue?.message ?? 'unknown'}`, parsed.error);
}

/** A document whose bytes are what the registry promised, but not what the specification allows. */
export function damaged(noun: string, reason: string, cause?: unknown): EngineError {
  return new EngineError('invalid-argument', `The ${noun} is not valid: ${reason}.`, {
    detail: { step: noun.replace('image ', '') },
    hint: 'The image is damaged, or was not made by a container tool.',
    ...(cause !== undefined && { cause }),
  });
}

/** A JSON document from outside, of this shape. */
export function parseDocument<T>(bytes: Uint8Array, schema: z.ZodType<T>, noun: string, maxBytes: number): T {
  return checkShape(parseJson(bytes, noun, maxBytes), schema, noun);
}
