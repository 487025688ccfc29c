import { z } from 'zod';
import type { ContainerDetails, ContainerProcesses, ContainerSummary, StatsBatch } from '../types/index.ts';
import { call, output, stream } from './operation.ts';
import { restartRequest } from './policy-request.ts';
import { resourcesRequest } from './resources-request.ts';
import { text } from './values.ts';

const target = z.strictObject({ container: text });

export const containerLife = {
  /** Freezes all its processes. Not running or paused already: refused. */
  pause: call(target, output<ContainerSummary>()),
  unpause: call(target, output<ContainerSummary>()),
  /** Other limits, or another restart policy: all of it or nothing. Of one that runs the limits change at once. */
  update: call(
    z.strictObject({
      container: text,
      resources: resourcesRequest.default({}),
      restart: restartRequest.optional(),
    }),
    output<ContainerDetails>(),
  ),
  /** Of a running one. */
  processes: call(target, output<ContainerProcesses>()),
  /**
   * What containers use, about once a second; those that do not run are left out. Without names: all that run. The first
   * batch has no processor load.
   */
  stats: stream(z.strictObject({ containers: z.array(text).max(4096).default([]) }), output<StatsBatch>()),
  /** Removes all that do not run. */
  prune: call(
    z.strictObject({
      /** `key` or `key=value`; all must match. */
      labels: z.array(text).max(256).default([]),
      /** Spared: those that have one of these. */
      labelsNot: z.array(text).max(256).default([]),
      /** Made before this moment: ISO 8601. */
      until: z.iso.datetime({ offset: true }).optional(),
    }),
    output<PruneResult>(),
  ),
} as const;

export interface PruneResult {
  /** Their ids. */
  readonly removed: readonly string[];
  /** Of disk: their writable layers and logs. */
  readonly freedBytes: number;
}
