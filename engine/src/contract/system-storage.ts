import { z } from 'zod';
import type { DiskUsage, PrunableSystem, PrunedSystem } from '../types/index.ts';
import { call, output } from './operation.ts';
import { text } from './values.ts';

/** What may be pruned; what a running container needs never is. */
export const systemPruneFilters = z
  .strictObject({
    /** Images with a tag and all of the build cache as well. */
    all: z.boolean().default(false),
    /** Also anonymous volumes that no container has. */
    volumes: z.boolean().default(false),
    /** `key` or `key=value`; all must match. */
    labels: z.array(text).max(256).default([]),
    /** Spared: what has one of these. */
    labelsNot: z.array(text).max(256).default([]),
    /** Made before this moment: ISO 8601. */
    until: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ volumes, until }) => !volumes || until === undefined, {
    path: ['until'],
    message: 'does not go with volumes: nobody knows how old their data is',
  });

export type SystemPruneFilters = z.output<typeof systemPruneFilters>;

/** The data folder as a whole. */
export const systemStorage = {
  diskUsage: call(z.strictObject({}), output<DiskUsage>()),
  /** Exactly what `prune` with the same filters would do, as things are. */
  prunable: call(systemPruneFilters, output<PrunableSystem>()),
  /** Containers that do not run, networks, volumes and images that nobody needs then, and the build cache. */
  prune: call(systemPruneFilters, output<PrunedSystem>()),
} as const;
