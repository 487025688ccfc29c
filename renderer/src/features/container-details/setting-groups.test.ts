import { createIntl } from 'react-intl';
import { describe, expect, it } from 'vitest';
import type { ContainerSpec } from '@longshore/engine/types';
import { createFormat } from '../../lib/use-format.ts';
import { en } from '../../messages/en/index.ts';
import type { Text } from '../../messages/use-text.ts';
import { fakeSpec, MIB } from '../../testing/fake-parts.ts';
import { settingGroups } from './setting-groups.ts';

const intl = createIntl({ locale: 'en', messages: en });
const t: Text = (id, values) => intl.formatMessage({ id }, values);
const words = { t, format: createFormat('en', t) };
const usual = fakeSpec();

/** What cards of their own tell: state, program, network, files, labels, health. */
const TOLD_ELSEWHERE = new Set<keyof ContainerSpec>([
  'entrypoint', 'command', 'env', 'workingDir', 'user', 'groups', 'hostname', 'domainname', 'tty', 'openStdin',
  'init', 'labels', 'mounts', 'network', 'networks', 'ports', 'exposedPorts', 'publishAllPorts', 'extraHosts',
  'dns', 'dnsSearch', 'dnsOptions', 'stopSignal', 'stopTimeoutSeconds', 'restart', 'healthcheck',
]); // prettier-ignore

const changed: Partial<ContainerSpec> = {
  readOnlyRootfs: true,
  annotations: { a: 'b' },
  resources: { ...usual.resources, memoryBytes: 256 * MIB },
  ulimits: [{ name: 'nofile', soft: 1024, hard: 2048 }],
  devices: [{ hostPath: '/dev/fuse', containerPath: '/dev/fuse', permissions: 'rw' }],
  deviceRules: ['c 10:200 rwm'],
  oomScoreAdj: 100,
  privileged: true,
  capAdd: ['NET_ADMIN'],
  capDrop: ['ALL'],
  noNewPrivileges: true,
  seccomp: { profile: '{}' },
  apparmor: 'site',
  systemPaths: 'unconfined',
  sysctls: { 'net.core.somaxconn': '1' },
  pid: 'host',
  ipc: 'container:0123456789abcdef',
  uts: 'host',
  cgroup: 'host',
  cgroupParent: '/shop',
  idMapping: { hostId: 100_000, size: 65_536 },
  shmSizeBytes: 128 * MIB,
  autoRemove: true,
  log: { maxSizeBytes: 50 * MIB, maxFiles: 3 },
};

describe('settingGroups', () => {
  it('has nothing to say of the defaults', () => {
    expect(settingGroups(usual, words)).toEqual([]);
  });

  const others = (Object.keys(usual) as (keyof ContainerSpec)[]).filter((key) => !TOLD_ELSEWHERE.has(key));
  it.each(others)('tells %s', (key) => {
    const groups = settingGroups({ ...usual, [key]: changed[key] }, words);
    expect(groups.flatMap(({ settings }) => settings)).toHaveLength(1);
  });

  it.each([
    ['memoryBytes', MIB],
    ['memorySwapBytes', -1],
    ['memoryReservationBytes', MIB],
    ['memorySwappiness', 10],
    ['oomKillDisable', true],
    ['cpus', 1.5],
    ['cpuQuotaUs', 5000],
    ['cpuPeriodUs', 5000],
    ['cpuShares', 512],
    ['cpusetCpus', '0-3'],
    ['cpusetMems', '0'],
    ['pidsLimit', 100],
    ['blockIo', { ...usual.resources.blockIo, writeBps: [{ path: '/dev/sda', rate: MIB }] }],
  ] as const)('tells the limit %s', (key, value) => {
    const spec = { ...usual, resources: { ...usual.resources, [key]: value } };
    expect(settingGroups(spec, words)).toMatchObject([{ title: 'overview.limits', settings: [{}] }]);
  });
});
