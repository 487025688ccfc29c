import { z } from 'zod';
import { EngineError } from '../../errors/index.ts';
import { jsonOrUndefined } from '../../json.ts';
import type { CachedStep } from '../solver/step-cache.ts';

/** Of a manifest that is nothing but a cache; an image's own config may have the same member. */
export const CACHE_CONFIG_TYPE = 'application/vnd.longshore.buildcache.config.v1+json';
const MEMBER = 'longshore.buildcache.v1';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const step = z.object({
  key: z.string().regex(/^[0-9a-f]{64}$/),
  slot: z.string().max(64),
  parts: z.object({
    parent: z.string().max(100),
    instruction: z.string().max(100),
    files: z.string().max(100),
    variables: z.string().max(100),
  }),
  description: z.string().max(4096),
  createdAt: z.string().max(64).nullable(),
  diffId: digest,
  chainId: digest,
  parentChainId: digest.nullable(),
});

/** As an image config has it: the DiffIDs are those of the manifest's layers, in their order. */
const document = z.object({
  rootfs: z.object({ diff_ids: z.array(digest).max(4096) }),
  [MEMBER]: z.object({ steps: z.array(step).max(10_000) }).optional(),
});

/** A step of another machine, by what it is, and the layer that it has made. */
export type SharedStep = z.infer<typeof step>;

export interface CacheDocument {
  readonly steps: readonly SharedStep[];
  /** Of the manifest's layers. */
  readonly diffIds: readonly string[];
}

/** What is no cache has no steps; what pretends to be one and is none: `invalid-argument`. */
export function parseCacheDocument(bytes: Uint8Array): CacheDocument {
  const parsed = document.safeParse(jsonOrUndefined(new TextDecoder().decode(bytes)));
  if (!parsed.success) {
    throw new EngineError('invalid-argument', 'It is neither an image nor a cache of builds.', {
      detail: { step: 'cache' },
    });
  }
  return { steps: parsed.data[MEMBER]?.steps ?? [], diffIds: parsed.data.rootfs.diff_ids };
}

/** The member that an image config carries its cache in. */
export function inlineCache(steps: readonly CachedStep[]): Readonly<Record<string, unknown>> {
  return { [MEMBER]: { steps: steps.map(toShared) } };
}

export function cacheDocument(steps: readonly CachedStep[], diffIds: readonly string[]): Uint8Array {
  const whole = { rootfs: { type: 'layers', diff_ids: diffIds }, ...inlineCache(steps) };
  return new TextEncoder().encode(JSON.stringify(whole));
}

function toShared({ key, slot, parts, description, layer, below }: CachedStep): SharedStep {
  const { createdAt, diffId, chainId } = layer;
  return { key, slot, parts, description, createdAt, diffId, chainId, parentChainId: below.at(-1) ?? null };
}
