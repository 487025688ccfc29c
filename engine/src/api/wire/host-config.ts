import type {
  ContainerDetails,
  ContainerMount,
  ContainerResources,
  ContainerSpec,
  DeviceRate,
  PortPublication,
} from '../../types/index.ts';
import { bindText, mountSettings } from './container-mounts.ts';

const NANO = 1e9;

const KERNEL_MEMORY_UNTIL = 42;

const WINDOWS_LIMITS = { CpuCount: 0, CpuPercent: 0, IOMaximumIOps: 0, IOMaximumBandwidth: 0 };

/** `HostConfig` of inspect. */
export function hostConfigJson({ spec, name }: ContainerDetails, version: number): object {
  const binds = spec.mounts.flatMap((mount) => bindText(mount) ?? []);
  const mounts = spec.mounts.flatMap((mount) => mountSettings(mount) ?? []);
  const tmpfs = spec.mounts.flatMap((mount) => (mount.type === 'tmpfs' ? [tmpfsEntry(mount)] : []));
  return {
    Binds: binds.length === 0 ? null : binds,
    ContainerIDFile: '',
    LogConfig: logConfig(spec),
    ...networkingJson(spec, name),
    RestartPolicy: { Name: spec.restart.name, MaximumRetryCount: spec.restart.maximumRetries },
    AutoRemove: spec.autoRemove,
    VolumeDriver: '',
    VolumesFrom: null,
    ...(mounts.length > 0 && { Mounts: mounts }),
    ...(tmpfs.length > 0 && { Tmpfs: Object.fromEntries(tmpfs) }),
    ConsoleSize: [0, 0],
    ...securityJson(spec),
    ...namespacesJson(spec),
    OomScoreAdj: spec.oomScoreAdj,
    ShmSize: spec.shmSizeBytes,
    ...(Object.keys(spec.sysctls).length > 0 && { Sysctls: spec.sysctls }),
    ...(Object.keys(spec.annotations).length > 0 && { Annotations: spec.annotations }),
    Runtime: 'runc',
    Isolation: '',
    ...resourcesJson(spec.resources),
    ...(version < KERNEL_MEMORY_UNTIL && { KernelMemory: 0, KernelMemoryTCP: 0 }),
    ...WINDOWS_LIMITS,
    Devices: spec.devices.map(({ hostPath, containerPath, permissions }) => ({
      PathOnHost: hostPath,
      PathInContainer: containerPath,
      CgroupPermissions: permissions,
    })),
    DeviceCgroupRules: spec.deviceRules.length === 0 ? null : spec.deviceRules,
    DeviceRequests: null,
    Ulimits: spec.ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    ...(spec.init && { Init: true }),
  };
}

function logConfig({ log }: ContainerSpec): object {
  const config = { 'max-file': String(log.maxFiles), 'max-size': String(log.maxSizeBytes) };
  return { Type: 'json-file', Config: config };
}

function networkingJson(spec: ContainerSpec, name: string): object {
  const links = spec.networks.flatMap(({ links }) => links);
  return {
    NetworkMode: networkMode(spec),
    PortBindings: portBindings(spec.ports),
    PublishAllPorts: spec.publishAllPorts,
    Dns: spec.dns,
    DnsOptions: spec.dnsOptions,
    DnsSearch: spec.dnsSearch,
    ExtraHosts: spec.extraHosts.length === 0 ? null : spec.extraHosts,
    Links:
      links.length === 0
        ? null
        : links.map((link) => `/${link.containerId.slice(0, 12)}:/${name}/${link.name}`),
  };
}

function portBindings(publications: readonly PortPublication[]): object {
  const bindings = new Map<string, object[]>();
  for (const { containerPort, protocol, hostAddress, hostPorts } of publications) {
    const key = `${containerPort}/${protocol}`;
    const binding = { HostIp: hostAddress ?? '', HostPort: hostPorts === null ? '' : portRange(hostPorts) };
    bindings.set(key, [...(bindings.get(key) ?? []), binding]);
  }
  return Object.fromEntries(bindings);
}

function portRange({ first, last }: { readonly first: number; readonly last: number }): string {
  return first === last ? String(first) : `${first}-${last}`;
}

/** Docker's word for it: the first network's name, where it is not the default one. */
export function networkMode({ network, networks }: Pick<ContainerSpec, 'network' | 'networks'>): string {
  if (network !== 'bridge') return network;
  return networks[0]?.network.name ?? 'bridge';
}

function securityJson(spec: ContainerSpec): object {
  const options = [
    ...(spec.noNewPrivileges ? ['no-new-privileges'] : []),
    ...(spec.apparmor === null ? [] : [`apparmor=${spec.apparmor}`]),
    ...(spec.seccomp === 'default' ? [] : [`seccomp=${seccompText(spec.seccomp)}`]),
  ];
  const confined = spec.systemPaths === 'confined' && !spec.privileged;
  return {
    Privileged: spec.privileged,
    CapAdd: spec.capAdd.length === 0 ? null : spec.capAdd,
    CapDrop: spec.capDrop.length === 0 ? null : spec.capDrop,
    GroupAdd: spec.groups.length === 0 ? null : spec.groups,
    SecurityOpt: options.length === 0 ? null : options,
    ReadonlyRootfs: spec.readOnlyRootfs,
    MaskedPaths: confined ? MASKED_PATHS : null,
    ReadonlyPaths: confined ? READ_ONLY_PATHS : null,
  };
}

function seccompText(seccomp: Exclude<ContainerSpec['seccomp'], 'default'>): string {
  return seccomp === 'unconfined' ? seccomp : seccomp.profile;
}

/** What Docker's default names; that the kernel may have fewer, nobody reads out of this. */
const MASKED_PATHS = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
];
const READ_ONLY_PATHS = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

function namespacesJson(spec: ContainerSpec): object {
  return {
    CgroupnsMode: spec.cgroup,
    IpcMode: spec.ipc,
    PidMode: spec.pid === 'private' ? '' : spec.pid,
    UTSMode: spec.uts === 'host' ? 'host' : '',
    UsernsMode: '',
    Cgroup: '',
    CgroupParent: spec.cgroupParent,
  };
}

function tmpfsEntry(mount: Extract<ContainerMount, { type: 'tmpfs' }>): readonly [string, string] {
  const words = [
    ...mount.options,
    ...(mount.sizeBytes === null ? [] : [`size=${mount.sizeBytes}`]),
    ...(mount.mode === null ? [] : [`mode=${mount.mode.toString(8)}`]),
  ];
  return [mount.target, words.join(',')];
}

function resourcesJson(resources: ContainerResources): object {
  const { blockIo } = resources;
  return {
    CpuShares: resources.cpuShares ?? 0,
    Memory: resources.memoryBytes ?? 0,
    NanoCpus: Math.round((resources.cpus ?? 0) * NANO),
    BlkioWeight: blockIo.weight ?? 0,
    BlkioWeightDevice: blockIo.weightDevices.map(({ path, weight }) => ({ Path: path, Weight: weight })),
    BlkioDeviceReadBps: ratesJson(blockIo.readBps),
    BlkioDeviceWriteBps: ratesJson(blockIo.writeBps),
    BlkioDeviceReadIOps: ratesJson(blockIo.readIops),
    BlkioDeviceWriteIOps: ratesJson(blockIo.writeIops),
    CpuPeriod: resources.cpuPeriodUs ?? 0,
    CpuQuota: resources.cpuQuotaUs ?? 0,
    CpuRealtimePeriod: 0,
    CpuRealtimeRuntime: 0,
    CpusetCpus: resources.cpusetCpus ?? '',
    CpusetMems: resources.cpusetMems ?? '',
    MemoryReservation: resources.memoryReservationBytes ?? 0,
    MemorySwap: swap(resources),
    MemorySwappiness: resources.memorySwappiness,
    OomKillDisable: resources.oomKillDisable,
    PidsLimit: resources.pidsLimit,
  };
}

/** Twice the memory where nothing was said, as Docker fills it in. */
function swap({ memoryBytes, memorySwapBytes }: ContainerResources): number {
  return memorySwapBytes ?? (memoryBytes === null ? 0 : memoryBytes * 2);
}

function ratesJson(rates: readonly DeviceRate[]): readonly object[] {
  return rates.map(({ path, rate }) => ({ Path: path, Rate: rate }));
}
