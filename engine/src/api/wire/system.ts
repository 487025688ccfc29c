import { arch, release } from 'node:os';
import type { HostInfo, SystemInfo } from '../../types/index.ts';
import { VERSION } from '../../version.ts';
import { MAX_VERSION, MIN_VERSION, versionText } from '../server/versions.ts';

const NO_SWARM = {
  NodeID: '',
  NodeAddr: '',
  LocalNodeState: 'inactive',
  ControlAvailable: false,
  Error: '',
  RemoteManagers: null,
};

/** Go's word for the machine that the engine itself runs on. */
function goArch(): string {
  return arch() === 'x64' ? 'amd64' : arch();
}

/** `GET /version`. */
export function versionJson(info: SystemInfo): object {
  const api = { ApiVersion: versionText(MAX_VERSION), MinAPIVersion: versionText(MIN_VERSION) };
  const kernel = info.host?.kernelVersion ?? release();
  const architecture = info.host?.architecture ?? goArch();
  const built = { GitCommit: '', GoVersion: '', BuildTime: '' };
  const details = {
    ...api,
    ...built,
    Arch: architecture,
    KernelVersion: kernel,
    Os: 'linux',
    Experimental: 'false',
  };
  return {
    Platform: { Name: 'Longshore' },
    Components: [{ Name: 'Engine', Version: VERSION, Details: details }],
    Version: VERSION,
    ...api,
    ...built,
    Os: 'linux',
    Arch: architecture,
    KernelVersion: kernel,
  };
}

export interface InfoParts {
  readonly info: SystemInfo;
  readonly paused: number;
  readonly hostname: string;
  readonly operatingSystem: string;
  readonly cpus: number;
  readonly memoryBytes: number;
}

const KERNEL_MEMORY_UNTIL = 42;
const CDI_SINCE = 44;
const EXPECTED_COMMITS_UNTIL = 49;
const BRIDGE_FILTERS_UNTIL = 50;

/** `GET /info`. */
export function infoJson(
  { info, paused, hostname, operatingSystem, cpus, memoryBytes }: InfoParts,
  version: number,
): object {
  const { counts, host } = info;
  const running = counts.running - paused;
  return {
    ID: info.engineId,
    Containers: counts.containers,
    ContainersRunning: running,
    ContainersPaused: paused,
    ContainersStopped: counts.containers - counts.running,
    Images: counts.images,
    Driver: 'overlay2',
    DriverStatus: [['Backing Filesystem', 'overlay']],
    Plugins: {
      Volume: ['local'],
      Network: ['bridge', 'host', 'ipvlan', 'macvlan', 'null'],
      Authorization: null,
      Log: ['json-file', 'local'],
    },
    ...limitsJson(host),
    ...(version < KERNEL_MEMORY_UNTIL && { KernelMemory: false, KernelMemoryTCP: false }),
    // What crosses a bridge is filtered where the firewall says so: the containers' own rules do not need it.
    ...(version < BRIDGE_FILTERS_UNTIL && { BridgeNfIptables: false, BridgeNfIp6tables: false }),
    NFd: 0,
    NGoroutines: 0,
    NEventsListener: 0,
    SystemTime: new Date().toISOString(),
    LoggingDriver: 'json-file',
    CgroupDriver: 'cgroupfs',
    CgroupVersion: host?.cgroupMode === 'v2' ? '2' : '1',
    KernelVersion: host?.kernelVersion ?? release(),
    OperatingSystem: operatingSystem,
    OSVersion: '',
    OSType: 'linux',
    Architecture: host?.architecture === 'arm64' ? 'aarch64' : 'x86_64',
    IndexServerAddress: 'https://index.docker.io/v1/',
    RegistryConfig: registryConfig(version),
    NCPU: cpus,
    MemTotal: memoryBytes,
    GenericResources: null,
    DockerRootDir: info.dataDir,
    HttpProxy: '',
    HttpsProxy: '',
    NoProxy: '',
    Name: hostname,
    Labels: [],
    ExperimentalBuild: false,
    ServerVersion: VERSION,
    Runtimes: { runc: { path: 'longshore-agent' } },
    DefaultRuntime: 'runc',
    Swarm: NO_SWARM,
    LiveRestoreEnabled: true,
    Isolation: '',
    InitBinary: 'longshore-agent',
    ContainerdCommit: noCommit(version),
    RuncCommit: noCommit(version),
    InitCommit: noCommit(version),
    SecurityOptions: ['name=seccomp,profile=builtin'],
    ...(version >= CDI_SINCE && { CDISpecDirs: null }),
    Warnings: host === null || host.warnings.length === 0 ? null : host.warnings,
  };
}

/** Of programs that Docker is made of, and Longshore is not. */
function noCommit(version: number): object {
  return { ID: '', ...(version < EXPECTED_COMMITS_UNTIL && { Expected: '' }) };
}

function registryConfig(version: number): object {
  return {
    ...(version < EXPECTED_COMMITS_UNTIL && {
      AllowNondistributableArtifactsCIDRs: [],
      AllowNondistributableArtifactsHostnames: [],
    }),
    InsecureRegistryCIDRs: ['::1/128', '127.0.0.0/8'],
    IndexConfigs: { 'docker.io': { Name: 'docker.io', Mirrors: [], Secure: true, Official: true } },
    Mirrors: [],
  };
}

/** What the machine's cgroups can limit. */
function limitsJson(host: HostInfo | null): object {
  const has = (controller: string) => host?.cgroupControllers.includes(controller) ?? false;
  return {
    MemoryLimit: has('memory'),
    SwapLimit: has('memory'),
    CpuCfsPeriod: has('cpu'),
    CpuCfsQuota: has('cpu'),
    CPUShares: has('cpu'),
    CPUSet: has('cpuset'),
    PidsLimit: has('pids'),
    IPv4Forwarding: true,
    Debug: false,
    OomKillDisable: has('memory') && host?.cgroupMode !== 'v2',
  };
}
