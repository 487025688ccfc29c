import { z } from 'zod';
import type { ContainerRecord } from './record.ts';
import { specSchema } from './record-spec-schema.ts';

const count = z.number().int();
const optionalCount = count.nullable();

const exit = z.object({
  code: count,
  signal: z.string().nullable(),
  oomKilled: z.boolean(),
  memoryPeakBytes: optionalCount,
  memoryLimitBytes: optionalCount,
  at: z.string(),
});

const failure = z.object({
  message: z.string(),
  hint: z.string().exactOptional(),
  detail: z
    .object({
      step: z.string().exactOptional(),
      errno: z.string().exactOptional(),
      path: z.string().exactOptional(),
      exitCode: count.exactOptional(),
    })
    .exactOptional(),
  at: z.string(),
});

/** What a record file must hold to be believed. */
export const containerRecordSchema: z.ZodType<ContainerRecord> = z.object({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string().min(1),
  image: z.object({ reference: z.string(), id: z.string(), asked: z.string().exactOptional() }),
  chainIds: z.array(z.string()),
  platform: z.string(),
  createdAt: z.string(),
  spec: specSchema,
  lastRun: z.object({ startedAt: z.string(), exit }).nullable(),
  restartCount: count,
  stoppedByHand: z.boolean(),
  failure: failure.nullable(),
  warnings: z.array(z.string()),
  removing: z.boolean(),
  // Records from before there were volumes lack it.
  removingVolumes: z.boolean().default(false),
});
