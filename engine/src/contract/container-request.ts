import { z } from 'zod';
import { absolutePath, mountRequest, volumesFromRequest } from './mount-request.ts';
import { attachmentRequest, exposedPortRequest, publicationRequest } from './network-request.ts';
import { healthcheckRequest, restartRequest } from './policy-request.ts';
import { deviceRequest, deviceRuleRequest, resourcesRequest, ulimitRequest } from './resources-request.ts';
import {
  argument,
  argumentVector,
  bytes,
  containerName,
  labels,
  platformInput,
  shortText,
  text,
} from './values.ts';

/** Name or id of the container whose namespace is shared. */
const containerNamespace = z.templateLiteral(['container:', z.string().min(1).max(255)]);

const MAX_SECCOMP_PROFILE = 1024 * 1024;

const security = {
  privileged: z.boolean().default(false),
  capAdd: z.array(text).max(64).default([]),
  capDrop: z.array(text).max(64).default([]),
  noNewPrivileges: z.boolean().default(false),
  /** A profile is JSON in Docker's form. */
  seccomp: z
    .union([
      z.enum(['default', 'unconfined']),
      z.strictObject({ profile: z.string().min(2).max(MAX_SECCOMP_PROFILE) }),
    ])
    .default('default'),
  apparmor: z.string().min(1).max(255).optional(),
  systemPaths: z.enum(['confined', 'unconfined']).default('confined'),
};

const namespaces = {
  /** `bridge`: its own, with an interface on each of `networks`. */
  network: z.union([z.enum(['bridge', 'none', 'host']), containerNamespace]).default('bridge'),
  pid: z.union([z.enum(['private', 'host']), containerNamespace]).default('private'),
  ipc: z.union([z.enum(['private', 'shareable', 'none', 'host']), containerNamespace]).default('private'),
  uts: z.enum(['private', 'host']).default('private'),
  cgroup: z.enum(['private', 'host']).default('private'),
  /** `auto`: ids of its own, which nobody else on the machine has. */
  users: z.enum(['host', 'auto']).default('host'),
  /** A folder in the cgroup hierarchies. */
  cgroupParent: z.string().max(1024).optional(),
};

const networking = {
  /** Empty with `network` `bridge`: the default network. */
  networks: z.array(attachmentRequest).max(64).default([]),
  /** As one `-p` or each step of its range. */
  ports: z.array(publicationRequest).max(65_535).default([]),
  /** Besides the image's. */
  exposedPorts: z.array(exposedPortRequest).max(65_535).default([]),
  /** All exposed ports that `ports` does not name, on ports that the machine chooses. */
  publishAllPorts: z.boolean().default(false),
};

const names = {
  hostname: z
    .string()
    .max(63)
    .regex(/^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/, { message: 'must be a host name' })
    .optional(),
  domainname: z.string().max(253).optional(),
  extraHosts: z.array(text).max(1024).default([]),
  dns: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .max(16)
    .default([]),
  dnsSearch: z.array(text).max(32).default([]),
  dnsOptions: z.array(text).max(32).default([]),
};

/** What a person may say of a new container; what is left out comes from the image, then from the defaults. */
export const containerRequest = z.strictObject({
  image: text,
  /** Of an image for several platforms, this one; left out: that of this machine. */
  platform: platformInput.optional(),
  name: containerName.optional(),
  entrypoint: argumentVector.optional(),
  command: argumentVector.optional(),
  /** `NAME=value`; a later one wins; `NAME` alone removes the image's. */
  env: z.array(argument).max(65_536).default([]),
  workingDir: absolutePath.optional(),
  user: shortText.optional(),
  groups: z.array(text).max(1024).default([]),
  tty: z.boolean().default(false),
  openStdin: z.boolean().default(false),
  /** False: stdin outlives the client of the Docker API that is attached to it. */
  stdinOnce: z.boolean().exactOptional(),
  init: z.boolean().default(false),
  readOnlyRootfs: z.boolean().default(false),
  labels: labels.default({}),
  annotations: labels.default({}),
  mounts: z.array(mountRequest).max(1024).default([]),
  volumesFrom: z.array(volumesFromRequest).max(256).default([]),
  resources: resourcesRequest.default({}),
  ulimits: z.array(ulimitRequest).max(64).default([]),
  devices: z.array(deviceRequest).max(256).default([]),
  deviceRules: z.array(deviceRuleRequest).max(256).default([]),
  oomScoreAdj: z.number().int().min(-1000).max(1000).default(0),
  sysctls: z.record(z.string().max(256), z.string().max(4096)).default({}),
  ...security,
  ...namespaces,
  ...networking,
  ...names,
  shmSizeBytes: bytes.optional(),
  stopSignal: z.string().max(32).optional(),
  stopTimeoutSeconds: z.number().int().min(-1).max(86_400).optional(),
  restart: restartRequest.default({ name: 'no', maximumRetries: 0 }),
  healthcheck: healthcheckRequest.optional(),
  autoRemove: z.boolean().default(false),
  log: z.strictObject({ maxSizeBytes: bytes, maxFiles: z.number().int().min(1).max(1000) }).optional(),
});

export type ContainerRequest = z.output<typeof containerRequest>;
export type ContainerRequestInput = z.input<typeof containerRequest>;
