import { z } from 'zod';
import { argument, argumentVector, bytes, containerName, labels, shortText, text } from './values.ts';

const absolutePath = z.string().max(4096).startsWith('/', { message: 'must be an absolute path' });

const mount = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('bind'),
    source: absolutePath,
    target: absolutePath,
    readOnly: z.boolean().default(false),
    createSource: z.boolean().default(false),
  }),
  z.strictObject({
    type: z.literal('tmpfs'),
    target: absolutePath,
    sizeBytes: bytes.nullable().default(null),
  }),
]);

const resources = z.strictObject({
  memoryBytes: bytes.min(6 * 1024 * 1024, { message: 'the memory limit must be at least 6 MB' }).optional(),
  memorySwapBytes: z.number().int().min(-1).optional(),
  memoryReservationBytes: bytes.optional(),
  cpus: z.number().positive().max(4096).optional(),
  cpuShares: z.number().int().min(2).max(262_144).optional(),
  cpusetCpus: z
    .string()
    .max(1024)
    .regex(/^[0-9,-]+$/)
    .optional(),
  cpusetMems: z
    .string()
    .max(1024)
    .regex(/^[0-9,-]+$/)
    .optional(),
  pidsLimit: z.number().int().min(-1).optional(),
});

const limit = z.number().int().min(-1);

/** What a person may say of a new container; what is left out comes from the image, then from the defaults. */
export const containerRequest = z.strictObject({
  image: text,
  name: containerName.optional(),
  entrypoint: argumentVector.optional(),
  command: argumentVector.optional(),
  /** `NAME=value`; a later one wins; `NAME` alone removes the image's. */
  env: z.array(argument).max(65_536).default([]),
  workingDir: absolutePath.optional(),
  user: shortText.optional(),
  groups: z.array(text).max(1024).default([]),
  hostname: z
    .string()
    .max(63)
    .regex(/^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/)
    .optional(),
  domainname: z.string().max(253).optional(),
  tty: z.boolean().default(false),
  openStdin: z.boolean().default(false),
  init: z.boolean().default(false),
  readOnlyRootfs: z.boolean().default(false),
  labels: labels.default({}),
  mounts: z.array(mount).max(1024).default([]),
  resources: resources.default({}),
  ulimits: z
    .array(z.strictObject({ name: text, soft: limit, hard: limit }))
    .max(64)
    .default([]),
  capAdd: z.array(text).max(64).default([]),
  capDrop: z.array(text).max(64).default([]),
  noNewPrivileges: z.boolean().default(false),
  seccomp: z.enum(['default', 'unconfined']).default('default'),
  network: z.enum(['bridge', 'none', 'host']).default('bridge'),
  extraHosts: z.array(text).max(1024).default([]),
  dns: z.array(text).max(16).default([]),
  shmSizeBytes: bytes.optional(),
  stopSignal: z.string().max(32).optional(),
  stopTimeoutSeconds: z.number().int().min(0).max(86_400).optional(),
  autoRemove: z.boolean().default(false),
  log: z.strictObject({ maxSizeBytes: bytes, maxFiles: z.number().int().min(1).max(1000) }).optional(),
});

export type ContainerRequest = z.output<typeof containerRequest>;
export type ContainerRequestInput = z.input<typeof containerRequest>;
