import { z } from 'zod';
import {
  commandLine,
  dictionary,
  flag,
  integer,
  list,
  longText,
  mapOf,
  nameSet,
  struct,
  word,
  words,
} from './json.ts';

/** Docker's JSON of a new container, as far as it has a meaning here. */

const weightDevice = z.object({ Path: z.string(), Weight: z.number().int() });
const throttleDevice = z.object({ Path: z.string(), Rate: z.number().int() });

/** `Resources`: of a container that is made, and of one that is updated. */
export const resourceFields = {
  Memory: integer,
  MemorySwap: integer,
  MemoryReservation: integer,
  MemorySwappiness: integer,
  KernelMemory: integer,
  OomKillDisable: flag,
  NanoCpus: integer,
  CpuShares: integer,
  CpuPeriod: integer,
  CpuQuota: integer,
  CpuRealtimePeriod: integer,
  CpuRealtimeRuntime: integer,
  CpusetCpus: word,
  CpusetMems: word,
  PidsLimit: integer,
  BlkioWeight: integer,
  BlkioWeightDevice: list(weightDevice),
  BlkioDeviceReadBps: list(throttleDevice),
  BlkioDeviceWriteBps: list(throttleDevice),
  BlkioDeviceReadIOps: list(throttleDevice),
  BlkioDeviceWriteIOps: list(throttleDevice),
};

export const restartPolicy = struct({ Name: word, MaximumRetryCount: integer });

const mount = z.object({
  Type: z.string(),
  Source: word,
  Target: word,
  ReadOnly: flag,
  BindOptions: struct({
    Propagation: word,
    NonRecursive: flag,
    CreateMountpoint: flag,
    ReadOnlyNonRecursive: flag,
    ReadOnlyForceRecursive: flag,
  }),
  VolumeOptions: struct({
    NoCopy: flag,
    Labels: dictionary,
    Subpath: word,
    DriverConfig: struct({ Name: word, Options: dictionary }),
  }),
  TmpfsOptions: struct({ SizeBytes: integer, Mode: integer, Options: list(z.array(z.string())) }),
});

export type MountSettings = z.output<typeof mount>;

const hostConfig = struct({
  ...resourceFields,
  Binds: words,
  Mounts: list(mount),
  Tmpfs: dictionary,
  VolumesFrom: words,
  VolumeDriver: word,
  NetworkMode: word,
  PortBindings: mapOf(z.array(z.object({ HostIp: word, HostPort: word })).nullable()),
  PublishAllPorts: flag,
  RestartPolicy: restartPolicy,
  AutoRemove: flag,
  LogConfig: struct({ Type: word, Config: dictionary }),
  Privileged: flag,
  CapAdd: words,
  CapDrop: words,
  SecurityOpt: z.array(longText).nullish(),
  ReadonlyRootfs: flag,
  MaskedPaths: words,
  ReadonlyPaths: words,
  GroupAdd: words,
  Devices: list(z.object({ PathOnHost: z.string(), PathInContainer: word, CgroupPermissions: word })),
  DeviceCgroupRules: words,
  DeviceRequests: list(z.unknown()),
  Ulimits: list(z.object({ Name: z.string(), Soft: z.number().int(), Hard: z.number().int() })),
  OomScoreAdj: integer,
  Sysctls: dictionary,
  ShmSize: integer,
  Init: flag,
  PidMode: word,
  IpcMode: word,
  UTSMode: word,
  UsernsMode: word,
  CgroupnsMode: word,
  CgroupParent: word,
  Cgroup: word,
  Runtime: word,
  Isolation: word,
  StorageOpt: dictionary,
  ExtraHosts: words,
  Dns: words,
  DnsSearch: words,
  DnsOptions: words,
  Links: words,
  Annotations: dictionary,
});

export type HostConfig = NonNullable<z.output<typeof hostConfig>>;

const endpoint = struct({
  IPAMConfig: struct({ IPv4Address: word, IPv6Address: word, LinkLocalIPs: words }),
  Links: words,
  Aliases: words,
  MacAddress: word,
  DriverOpts: dictionary,
  GwPriority: integer,
});

export type EndpointSettings = z.output<typeof endpoint>;

export const endpointSettings = endpoint;

export const healthcheck = struct({
  Test: words,
  Interval: integer,
  Timeout: integer,
  StartPeriod: integer,
  StartInterval: integer,
  Retries: integer,
});

export type HealthcheckSettings = NonNullable<z.output<typeof healthcheck>>;

/** `ContainerConfig`: what an image has as well. */
export const configFields = {
  Hostname: word,
  Domainname: word,
  User: word,
  Tty: flag,
  OpenStdin: flag,
  StdinOnce: flag,
  Env: words,
  Cmd: commandLine,
  Entrypoint: commandLine,
  WorkingDir: word,
  Labels: dictionary,
  Volumes: nameSet,
  ExposedPorts: nameSet,
  StopSignal: word,
  StopTimeout: integer,
  Healthcheck: healthcheck,
  MacAddress: word,
  Image: word,
};

export const createBody = z.object({
  ...configFields,
  HostConfig: hostConfig,
  NetworkingConfig: struct({ EndpointsConfig: mapOf(endpoint) }),
});

export type CreateBody = z.output<typeof createBody>;
