import { z } from 'zod';
import { bytes, text } from './values.ts';

/** What the kernel can give a container to work with at all. */
const MIN_MEMORY_BYTES = 6 * 1024 * 1024;

const cpuList = z
  .string()
  .max(1024)
  .regex(/^(\d+(-\d+)?(,\d+(-\d+)?)*)?$/, { message: 'must be a list such as 0-3,5' });

const devicePath = z.string().max(4096).startsWith('/dev/', { message: 'must be a device such as /dev/sda' });
const weight = z.number().int().min(10).max(1000);
const rates = z
  .array(z.strictObject({ path: devicePath, rate: z.number().int().positive() }))
  .max(256)
  .optional();

const blockIo = z.strictObject({
  weight: z.union([z.literal(0), weight]).optional(),
  weightDevices: z
    .array(z.strictObject({ path: devicePath, weight }))
    .max(256)
    .optional(),
  readBps: rates,
  writeBps: rates,
  readIops: rates,
  writeIops: rates,
});

const memoryBytes = z.union([
  z.literal(0),
  bytes.min(MIN_MEMORY_BYTES, { message: 'the memory limit must be at least 6 MB' }),
]);

/** Zero is "no limit", as Docker has it; an empty list is no list. */
export const resourcesRequest = z.strictObject({
  memoryBytes: memoryBytes.optional(),
  memorySwapBytes: z.number().int().min(-1).optional(),
  memoryReservationBytes: bytes.optional(),
  memorySwappiness: z.number().int().min(-1).max(100).optional(),
  oomKillDisable: z.boolean().optional(),
  cpus: z.number().min(0).max(4096).optional(),
  cpuQuotaUs: z
    .number()
    .int()
    .min(-1)
    .refine((quota) => quota <= 0 || quota >= 1000, { message: 'must be at least 1000 microseconds' })
    .optional(),
  cpuPeriodUs: z.number().int().min(1000).max(1_000_000).optional(),
  cpuShares: z.union([z.literal(0), z.number().int().min(2).max(262_144)]).optional(),
  cpusetCpus: cpuList.optional(),
  cpusetMems: cpuList.optional(),
  pidsLimit: z.number().int().min(-1).optional(),
  blockIo: blockIo.optional(),
});

const limit = z.number().int().min(-1);

export const ulimitRequest = z.strictObject({ name: text, soft: limit, hard: limit });

export const deviceRequest = z.strictObject({
  hostPath: z.string().max(4096).startsWith('/', { message: 'must be an absolute path' }),
  containerPath: z.string().max(4096).startsWith('/', { message: 'must be an absolute path' }),
  permissions: z
    .string()
    .regex(/^(?!.*(.).*\1)[rwm]{1,3}$/, { message: 'must be of r, w and m' })
    .default('rwm'),
});

export const deviceRuleRequest = z
  .string()
  .regex(/^[abc] (\d+|\*):(\d+|\*) [rwm]{1,3}$/, { message: 'must be a rule such as "c 10:200 rwm"' });
