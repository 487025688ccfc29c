import { z } from 'zod';
import { argumentVector } from './values.ts';

export const restartRequest = z
  .strictObject({
    name: z.enum(['no', 'on-failure', 'always', 'unless-stopped']),
    maximumRetries: z.number().int().min(0).max(1_000_000).default(0),
  })
  .refine(({ name, maximumRetries }) => maximumRetries === 0 || name === 'on-failure', {
    message: 'only on-failure counts retries',
  });

/** A day is longer than anyone waits for a probe; shorter than a millisecond is no interval (Docker's rule). */
const duration = z.number().min(1).max(86_400_000);

/** What is left out comes from the image, then from Docker's defaults. */
export const healthcheckRequest = z.union([
  z.strictObject({ disabled: z.literal(true) }),
  z.strictObject({
    /** An argument vector; or a line for the shell. */
    command: z.union([argumentVector.min(1), z.string().min(1).max(131_072)]).optional(),
    intervalMs: duration.optional(),
    timeoutMs: duration.optional(),
    startPeriodMs: z.number().min(0).max(86_400_000).optional(),
    startIntervalMs: duration.optional(),
    retries: z.number().int().min(1).max(1_000_000).optional(),
  }),
]);
