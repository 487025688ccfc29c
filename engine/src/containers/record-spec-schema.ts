import { z } from 'zod';
import { DEFAULT_ATTACHMENT } from './spec/networking.ts';

const count = z.number().int();
const optionalCount = count.nullable();
const words = z.array(z.string());
const pairs = z.record(z.string(), z.string());
const peer = z.templateLiteral(['container:', z.string()]);

const mount = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('bind'),
    source: z.string(),
    target: z.string(),
    readOnly: z.boolean(),
    createSource: z.boolean(),
    propagation: z.enum(['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave']),
    recursive: z.boolean(),
  }),
  z.object({
    type: z.literal('tmpfs'),
    target: z.string(),
    sizeBytes: optionalCount,
    mode: optionalCount,
    options: words,
  }),
  z.object({
    type: z.literal('volume'),
    source: z.string(),
    target: z.string(),
    readOnly: z.boolean(),
    noCopy: z.boolean(),
    subpath: z.string(),
    anonymous: z.boolean(),
  }),
]);

const rates = z.array(z.object({ path: z.string(), rate: count }));

const resources = z.object({
  memoryBytes: optionalCount,
  memorySwapBytes: optionalCount,
  memoryReservationBytes: optionalCount,
  memorySwappiness: optionalCount,
  oomKillDisable: z.boolean(),
  cpus: z.number().nullable(),
  cpuQuotaUs: optionalCount,
  cpuPeriodUs: optionalCount,
  cpuShares: optionalCount,
  cpusetCpus: z.string().nullable(),
  cpusetMems: z.string().nullable(),
  pidsLimit: optionalCount,
  blockIo: z.object({
    weight: optionalCount,
    weightDevices: z.array(z.object({ path: z.string(), weight: count })),
    readBps: rates,
    writeBps: rates,
    readIops: rates,
    writeIops: rates,
  }),
});

const optionalText = z.string().nullable();

const protocol = z.enum(['tcp', 'udp', 'sctp']);

const attachment = z.object({
  network: z.object({ id: z.string(), name: z.string() }),
  aliases: words,
  ipv4: optionalText,
  ipv6: optionalText,
  mac: optionalText,
  interface: optionalText,
  gatewayPriority: count,
  links: z.array(z.object({ name: z.string(), containerId: z.string() })),
});

const publication = z.object({
  containerPort: count,
  protocol,
  hostAddress: optionalText,
  hostPorts: z.object({ first: count, last: count }).nullable(),
});

const healthcheck = z.object({
  command: words,
  intervalMs: z.number(),
  timeoutMs: z.number(),
  startPeriodMs: z.number(),
  startIntervalMs: z.number(),
  retries: count,
});

const presentSpec = z.object({
  entrypoint: words,
  command: words,
  env: words,
  workingDir: z.string(),
  user: z.string(),
  groups: words,
  hostname: z.string(),
  domainname: z.string(),
  tty: z.boolean(),
  openStdin: z.boolean(),
  stdinOnce: z.boolean().exactOptional(),
  init: z.boolean(),
  readOnlyRootfs: z.boolean(),
  labels: pairs,
  annotations: pairs,
  mounts: z.array(mount),
  resources,
  ulimits: z.array(z.object({ name: z.string(), soft: count, hard: count })),
  devices: z.array(z.object({ hostPath: z.string(), containerPath: z.string(), permissions: z.string() })),
  deviceRules: words,
  oomScoreAdj: count,
  privileged: z.boolean(),
  capAdd: words,
  capDrop: words,
  noNewPrivileges: z.boolean(),
  seccomp: z.union([z.enum(['default', 'unconfined']), z.object({ profile: z.string() })]),
  apparmor: z.string().nullable(),
  systemPaths: z.enum(['confined', 'unconfined']),
  sysctls: pairs,
  network: z.union([z.enum(['bridge', 'none', 'host']), peer]),
  networks: z.array(attachment).optional(),
  ports: z.array(publication).default([]),
  exposedPorts: z.array(z.object({ containerPort: count, protocol })).default([]),
  publishAllPorts: z.boolean().default(false),
  pid: z.union([z.enum(['private', 'host']), peer]),
  ipc: z.union([z.enum(['private', 'shareable', 'none', 'host']), peer]),
  uts: z.enum(['private', 'host']),
  cgroup: z.enum(['private', 'host']),
  cgroupParent: z.string(),
  idMapping: z.object({ hostId: count, size: count }).nullable(),
  extraHosts: words,
  dns: words,
  dnsSearch: words,
  dnsOptions: words,
  shmSizeBytes: count,
  stopSignal: z.string(),
  stopTimeoutSeconds: count,
  restart: z.object({
    name: z.enum(['no', 'on-failure', 'always', 'unless-stopped']),
    maximumRetries: count,
  }),
  healthcheck: healthcheck.nullable(),
  autoRemove: z.boolean(),
  log: z.object({ maxSizeBytes: count, maxFiles: count }),
});

/**
 * What a record's spec must hold to be believed. Records of before networks were kept say with `bridge` alone that a
 * container is on the default one.
 */
export const specSchema = presentSpec.transform((spec) => ({
  ...spec,
  networks: spec.networks ?? (spec.network === 'bridge' ? [DEFAULT_ATTACHMENT] : []),
}));
