import { z } from 'zod';
import type { ContainerRecord } from './record.ts';

const count = z.number().int();
const optionalCount = count.nullable();

const mount = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('bind'),
    source: z.string(),
    target: z.string(),
    readOnly: z.boolean(),
    createSource: z.boolean(),
  }),
  z.object({ type: z.literal('tmpfs'), target: z.string(), sizeBytes: optionalCount }),
]);

const resources = z.object({
  memoryBytes: optionalCount,
  memorySwapBytes: optionalCount,
  memoryReservationBytes: optionalCount,
  cpus: z.number().nullable(),
  cpuShares: optionalCount,
  cpusetCpus: z.string().nullable(),
  cpusetMems: z.string().nullable(),
  pidsLimit: optionalCount,
});

const spec = z.object({
  entrypoint: z.array(z.string()),
  command: z.array(z.string()),
  env: z.array(z.string()),
  workingDir: z.string(),
  user: z.string(),
  groups: z.array(z.string()),
  hostname: z.string(),
  domainname: z.string(),
  tty: z.boolean(),
  openStdin: z.boolean(),
  init: z.boolean(),
  readOnlyRootfs: z.boolean(),
  labels: z.record(z.string(), z.string()),
  mounts: z.array(mount),
  resources,
  ulimits: z.array(z.object({ name: z.string(), soft: count, hard: count })),
  capAdd: z.array(z.string()),
  capDrop: z.array(z.string()),
  noNewPrivileges: z.boolean(),
  seccomp: z.enum(['default', 'unconfined']),
  network: z.enum(['bridge', 'none', 'host']),
  extraHosts: z.array(z.string()),
  dns: z.array(z.string()),
  shmSizeBytes: count,
  stopSignal: z.string(),
  stopTimeoutSeconds: count,
  autoRemove: z.boolean(),
  log: z.object({ maxSizeBytes: count, maxFiles: count }),
});

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
  image: z.object({ reference: z.string(), id: z.string() }),
  chainIds: z.array(z.string()),
  platform: z.string(),
  createdAt: z.string(),
  spec,
  lastRun: z.object({ startedAt: z.string(), exit }).nullable(),
  failure: failure.nullable(),
  warnings: z.array(z.string()),
  removing: z.boolean(),
});
