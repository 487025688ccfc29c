import type {
  DeviceRow,
  MountRow,
  NameValueRow,
  NetworkRow,
  PortRow,
  RateRow,
  TmpfsRow,
  UlimitRow,
} from './run-rows.ts';

export const RESTARTS = ['no', 'on-failure', 'unless-stopped', 'always'] as const;
export const NETWORKS = ['bridge', 'none', 'host', 'container'] as const;
export const PIDS = ['private', 'host', 'container'] as const;
export const IPCS = ['private', 'shareable', 'none', 'host', 'container'] as const;
export const SECCOMPS = ['default', 'unconfined', 'profile'] as const;
export const HEALTHS = ['image', 'none', 'own'] as const;

/** The fields as they are typed: text for text and numbers, rows where there may be several. */
export interface RunForm {
  readonly image: string;
  readonly name: string;
  readonly command: string;
  readonly ports: readonly PortRow[];
  readonly env: readonly NameValueRow[];
  readonly mounts: readonly MountRow[];
  /** Sizes are in MiB. */
  readonly memory: string;
  readonly cpus: string;
  readonly restart: (typeof RESTARTS)[number];
  readonly restartTimes: string;
  readonly interactive: boolean;
  readonly autoRemove: boolean;
  /** `linux/arm64`; empty: of this machine. */
  readonly platform: string;

  readonly entrypoint: string;
  readonly user: string;
  readonly workingDir: string;
  /** Several words, as in all fields of the form that end in a plural. */
  readonly groups: string;
  readonly init: boolean;
  readonly labels: readonly NameValueRow[];
  readonly annotations: readonly NameValueRow[];

  readonly tmpfs: readonly TmpfsRow[];
  /** Containers whose folders and volumes it has as well: `data other:ro`. */
  readonly volumesFrom: string;
  readonly readOnlyRootfs: boolean;
  readonly shmSize: string;

  readonly network: (typeof NETWORKS)[number];
  readonly networkContainer: string;
  /** With the mode `bridge`; none: the default network. */
  readonly networks: readonly NetworkRow[];
  readonly publishAll: boolean;
  /** `3000 53/udp`. */
  readonly exposed: string;
  readonly hostname: string;
  readonly domainname: string;
  readonly hosts: readonly NameValueRow[];
  readonly dns: string;
  readonly dnsSearch: string;
  readonly dnsOptions: string;

  readonly memorySwap: string;
  readonly memoryReservation: string;
  readonly swappiness: string;
  readonly oomKillDisable: boolean;
  readonly oomScoreAdj: string;
  readonly cpuShares: string;
  readonly cpuQuota: string;
  readonly cpuPeriod: string;
  readonly cpusetCpus: string;
  readonly cpusetMems: string;
  readonly pidsLimit: string;
  readonly ioWeight: string;
  readonly rates: readonly RateRow[];
  readonly ulimits: readonly UlimitRow[];

  readonly privileged: boolean;
  readonly noNewPrivileges: boolean;
  readonly capAdd: string;
  readonly capDrop: string;
  readonly seccomp: (typeof SECCOMPS)[number];
  readonly seccompProfile: { readonly file: string; readonly text: string } | undefined;
  readonly apparmor: string;
  readonly systemPathsOpen: boolean;
  readonly devices: readonly DeviceRow[];
  readonly deviceRules: readonly string[];
  readonly sysctls: readonly NameValueRow[];
  readonly pid: (typeof PIDS)[number];
  readonly pidContainer: string;
  readonly ipc: (typeof IPCS)[number];
  readonly ipcContainer: string;
  readonly hostUts: boolean;
  readonly hostCgroup: boolean;
  readonly ownUsers: boolean;
  readonly cgroupParent: string;

  readonly health: (typeof HEALTHS)[number];
  readonly healthCommand: string;
  /** Times are in seconds. */
  readonly healthInterval: string;
  readonly healthTimeout: string;
  readonly healthStartPeriod: string;
  readonly healthStartInterval: string;
  readonly healthRetries: string;
  readonly stopSignal: string;
  readonly stopTimeout: string;
  readonly logSize: string;
  readonly logFiles: string;
}

export type RunField = keyof RunForm;

export const EMPTY_RUN_FORM: RunForm = {
  image: '',
  name: '',
  command: '',
  ports: [],
  env: [],
  mounts: [],
  memory: '',
  cpus: '',
  restart: 'no',
  restartTimes: '',
  interactive: false,
  autoRemove: false,
  platform: '',
  entrypoint: '',
  user: '',
  workingDir: '',
  groups: '',
  init: false,
  labels: [],
  annotations: [],
  tmpfs: [],
  volumesFrom: '',
  readOnlyRootfs: false,
  shmSize: '',
  network: 'bridge',
  networkContainer: '',
  networks: [],
  publishAll: false,
  exposed: '',
  hostname: '',
  domainname: '',
  hosts: [],
  dns: '',
  dnsSearch: '',
  dnsOptions: '',
  memorySwap: '',
  memoryReservation: '',
  swappiness: '',
  oomKillDisable: false,
  oomScoreAdj: '',
  cpuShares: '',
  cpuQuota: '',
  cpuPeriod: '',
  cpusetCpus: '',
  cpusetMems: '',
  pidsLimit: '',
  ioWeight: '',
  rates: [],
  ulimits: [],
  privileged: false,
  noNewPrivileges: false,
  capAdd: '',
  capDrop: '',
  seccomp: 'default',
  seccompProfile: undefined,
  apparmor: '',
  systemPathsOpen: false,
  devices: [],
  deviceRules: [],
  sysctls: [],
  pid: 'private',
  pidContainer: '',
  ipc: 'private',
  ipcContainer: '',
  hostUts: false,
  hostCgroup: false,
  ownUsers: false,
  cgroupParent: '',
  health: 'image',
  healthCommand: '',
  healthInterval: '',
  healthTimeout: '',
  healthStartPeriod: '',
  healthStartInterval: '',
  healthRetries: '',
  stopSignal: '',
  stopTimeout: '',
  logSize: '',
  logFiles: '',
};

/** The pages of the form, and what stands on each. */
export const RUN_SECTIONS = {
  basics: [
    'image', 'name', 'command', 'ports', 'env', 'mounts', 'memory', 'cpus', 'restart', 'restartTimes', 'interactive',
    'autoRemove',
  ],
  program: ['entrypoint', 'user', 'workingDir', 'groups', 'platform', 'init', 'labels', 'annotations'],
  storage: ['tmpfs', 'volumesFrom', 'readOnlyRootfs', 'shmSize'],
  network: [
    'network', 'networkContainer', 'networks', 'publishAll', 'exposed', 'hostname', 'domainname', 'hosts', 'dns', 'dnsSearch', 'dnsOptions',
  ],
  limits: [
    'memorySwap', 'memoryReservation', 'swappiness', 'oomKillDisable', 'oomScoreAdj', 'cpuShares', 'cpuQuota',
    'cpuPeriod', 'cpusetCpus', 'cpusetMems', 'pidsLimit', 'ioWeight', 'rates', 'ulimits',
  ],
  security: [
    'privileged', 'noNewPrivileges', 'capAdd', 'capDrop', 'seccomp', 'seccompProfile', 'apparmor',
    'systemPathsOpen', 'devices', 'deviceRules', 'sysctls', 'pid', 'pidContainer', 'ipc', 'ipcContainer',
    'hostUts', 'hostCgroup', 'ownUsers', 'cgroupParent',
  ],
  life: [
    'health', 'healthCommand', 'healthInterval', 'healthTimeout', 'healthStartPeriod', 'healthStartInterval',
    'healthRetries', 'stopSignal', 'stopTimeout', 'logSize', 'logFiles',
  ],
} as const satisfies Readonly<Record<string, readonly RunField[]>>; // prettier-ignore

export type RunSection = keyof typeof RUN_SECTIONS;

/** How many fields of a page a person has filled in. */
export function filledIn(form: RunForm, section: RunSection): number {
  return RUN_SECTIONS[section].filter((field) => {
    const value = form[field];
    return Array.isArray(value) ? value.length > 0 : value !== EMPTY_RUN_FORM[field];
  }).length;
}
