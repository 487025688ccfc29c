import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isErrorCode, type WireError } from '../../errors/index.ts';
import { digestSchema, formatPlatform, formatReference, type Reference } from '../../oci/index.ts';
import type { Platform } from '../../types/index.ts';

/** `<data>/engine/state/pulls/<id>.json`: a pull from when its image is known until the image is there. */
export const pullRecordSchema = z.object({
  /** Full form: `docker.io/library/debian:12`. */
  reference: z.string(),
  platform: z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() }),
  insecure: z.boolean(),
  /** `running` on disk while no engine does it: the engine was killed. */
  status: z.enum(['running', 'paused', 'interrupted', 'failed']),
  error: z.custom<WireError>(isWireError).nullable(),
  /** Null when it stopped before the registry had answered. */
  manifest: digestSchema.nullable(),
  layers: z.array(z.object({ digest: digestSchema, size: z.number().int().nonnegative() })),
  /** ISO 8601, both. */
  startedAt: z.string(),
  updatedAt: z.string(),
});

export type PullRecord = z.infer<typeof pullRecordSchema>;

/** The same for every pull of the same image for the same platform. */
export function pullIdOf(reference: Reference, platform: Platform): string {
  const key = `${formatReference(reference)} ${formatPlatform(platform)}`;
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

function isWireError(value: unknown): value is WireError {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'code' in value && isErrorCode(value.code) && 'message' in value && typeof value.message === 'string'
  );
}
