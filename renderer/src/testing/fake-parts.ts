import type { ContainerExit, ContainerSpec, ContainerState, Health } from '@longshore/engine/types';

export const MB = 1_000_000;
export const MIB = 1024 * 1024;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const ago = (milliseconds: number): string => new Date(Date.now() - milliseconds).toISOString();

/** 64 hex digits that depend on the word alone. */
export function fakeId(word: string): string {
  let hash = 2166136261;
  let out = '';
  for (let round = 0; round < 8; round += 1) {
    for (const char of `${word}${round}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619) >>> 0;
    out += hash.toString(16).padStart(8, '0');
  }
  return out;
}

export function fakeSpec(part: Partial<ContainerSpec> = {}): ContainerSpec {
  return {
    entrypoint: [],
    command: ['/bin/sh'],
    env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    workingDir: '/',
    user: '',
    groups: [],
    hostname: 'container',
    domainname: '',
    tty: false,
    openStdin: false,
    init: false,
    readOnlyRootfs: false,
    labels: {},
    annotations: {},
    mounts: [],
    resources: {
      memoryBytes: null,
      memorySwapBytes: null,
      memoryReservationBytes: null,
      memorySwappiness: null,
      oomKillDisable: false,
      cpus: null,
      cpuQuotaUs: null,
      cpuPeriodUs: null,
      cpuShares: null,
      cpusetCpus: null,
      cpusetMems: null,
      pidsLimit: null,
      blockIo: {
        weight: null,
        weightDevices: [],
        readBps: [],
        writeBps: [],
        readIops: [],
        writeIops: [],
      },
    },
    ulimits: [],
    devices: [],
    deviceRules: [],
    oomScoreAdj: 0,
    privileged: false,
    capAdd: [],
    capDrop: [],
    noNewPrivileges: false,
    seccomp: 'default',
    apparmor: null,
    systemPaths: 'confined',
    sysctls: {},
    network: 'bridge',
    networks: [],
    ports: [],
    exposedPorts: [],
    publishAllPorts: false,
    pid: 'private',
    ipc: 'private',
    uts: 'private',
    cgroup: 'private',
    cgroupParent: '',
    idMapping: null,
    extraHosts: [],
    dns: [],
    dnsSearch: [],
    dnsOptions: [],
    shmSizeBytes: 64 * MIB,
    stopSignal: 'TERM',
    stopTimeoutSeconds: 10,
    restart: { name: 'no', maximumRetries: 0 },
    healthcheck: null,
    autoRemove: false,
    log: { maxSizeBytes: 20 * MIB, maxFiles: 3 },
    ...part,
  };
}

/** A container that was never started. */
export const CREATED: ContainerState = {
  status: 'created',
  pid: null,
  startedAt: null,
  exit: null,
  failure: null,
  restartCount: 0,
  nextRetryAt: null,
  crashLooping: null,
  health: null,
};

export function runningSince(milliseconds: number, pid = 4127): ContainerState {
  return { ...CREATED, status: 'running', pid, startedAt: ago(milliseconds) };
}

export function exited(part: Partial<ContainerExit>, endedAgo: number, ranFor = HOUR): ContainerState {
  return {
    ...CREATED,
    status: 'exited',
    startedAt: ago(endedAgo + ranFor),
    exit: {
      code: 0,
      signal: null,
      oomKilled: false,
      memoryPeakBytes: 38 * MIB,
      memoryLimitBytes: null,
      at: ago(endedAgo),
      ...part,
    },
  };
}

interface FakeProbe {
  readonly endedAgo: number;
  readonly took: number;
  readonly exitCode: number;
  readonly output: string;
}

export function healthOf(
  status: Health['status'],
  failingStreak: number,
  probes: readonly FakeProbe[],
): Health {
  return {
    status,
    failingStreak,
    probes: probes.map(({ endedAgo, took, exitCode, output }) => ({
      startedAt: ago(endedAgo + took),
      endedAt: ago(endedAgo),
      exitCode,
      output,
    })),
  };
}
