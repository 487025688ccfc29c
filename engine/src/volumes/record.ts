import { z } from 'zod';

/** What the engine keeps of a volume: on disk, and as text with the data, which outlives this. */
export interface VolumeRecord {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of the `local` driver. */
  readonly options: Readonly<Record<string, string>>;
  readonly anonymous: boolean;
  readonly createdAt: string;
}

const pairs = z.record(z.string(), z.string());

/** What a record must hold to be believed. */
export const volumeRecordSchema: z.ZodType<VolumeRecord> = z.object({
  name: z.string().min(1),
  labels: pairs,
  options: pairs,
  anonymous: z.boolean(),
  createdAt: z.string(),
});
