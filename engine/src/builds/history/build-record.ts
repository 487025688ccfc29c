import { z } from 'zod';
import type { WireError } from '../../errors/index.ts';
import type { BuildDetails, BuildStepProgress, BuildSummary, BuildWarning } from '../../types/index.ts';

const text = z.string();
const wireError = z.custom<WireError>((value) => typeof value === 'object').nullable();
const platform = z.object({
  os: text,
  architecture: text,
  variant: text.exactOptional(),
});

/** `<data>/engine/state/builds/<id>.json`. The parts that only the engine itself writes are taken as they are. */
export const buildRecordSchema: z.ZodType<BuildDetails> = z.object({
  id: text,
  name: text,
  references: z.array(text),
  context: text,
  dockerfile: text,
  target: text.nullable(),
  platform,
  status: z.enum(['running', 'done', 'failed', 'cancelled']),
  startedAt: text,
  endedAt: text.nullable(),
  steps: z.number(),
  cachedSteps: z.number(),
  warnings: z.number(),
  imageId: text.nullable(),
  error: wireError,
  progress: z.array(z.custom<BuildStepProgress>((value) => typeof value === 'object')),
  checks: z.array(z.custom<BuildWarning>((value) => typeof value === 'object')),
  buildArgs: z.record(text, text),
  result: z
    .object({
      imageId: text.nullable(),
      manifestDigest: text.nullable(),
      references: z.array(text),
      platform,
    })
    .nullable(),
});

export function summaryOf(build: BuildDetails): BuildSummary {
  const { progress: _, checks: __, buildArgs: ___, result: ____, ...summary } = build;
  return summary;
}
