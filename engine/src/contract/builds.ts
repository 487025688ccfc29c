import { z } from 'zod';
import type {
  BuildCacheLimits,
  BuildCacheUsage,
  BuildCheck,
  BuildDetails,
  BuildEvent,
  BuildSummary,
  PrunedBuildCache,
} from '../types/index.ts';
import { buildRequest } from './build-request.ts';
import { call, duplex, output, stream } from './operation.ts';
import { binary, bytes, text } from './values.ts';

/** Its id, or an unambiguous beginning of it. */
const build = z.strictObject({ build: text });

const cacheFilters = z.strictObject({
  /** Also what steps of images here were made by; else only what no image needs. */
  all: z.boolean().default(false),
  /** Only what was not used for so long. */
  unusedForSeconds: z.number().int().nonnegative().optional(),
  /** What was used latest stays, up to this size. */
  keepBytes: bytes.optional(),
});

const cacheLimits = z.strictObject({
  maxBytes: bytes.nullable(),
  maxUnusedSeconds: z.number().int().positive().nullable(),
});

export const builds = {
  /** The caller sends the context where the request says `upload`, and ends its side. Ends after `ended`. */
  build: duplex(buildRequest, binary, output<BuildEvent>()),
  /** Reads and checks the Dockerfile, and builds nothing. */
  check: duplex(buildRequest, binary, output<BuildCheck>()),
  /** The newest first, those under way among them. */
  list: call(z.strictObject({}), output<readonly BuildSummary[]>()),
  inspect: call(build, output<BuildDetails>()),
  /** All its events from the first on; of one under way, those to come as well. */
  watch: stream(build, output<BuildEvent>()),
  cancel: call(build, output<BuildSummary>()),
  /** Forgets builds that have ended; their images stay. None named: all. */
  remove: call(
    z.strictObject({ builds: z.array(text).max(10_000).default([]) }),
    output<{ readonly removed: readonly string[] }>(),
  ),
  cacheUsage: call(z.strictObject({}), output<BuildCacheUsage>()),
  pruneCache: call(cacheFilters, output<PrunedBuildCache>()),
  cacheLimits: call(z.strictObject({}), output<BuildCacheLimits>()),
  /** In force at once, and looked after every hour: what was used longest ago goes first. */
  saveCacheLimits: call(cacheLimits, output<BuildCacheLimits>()),
} as const;
