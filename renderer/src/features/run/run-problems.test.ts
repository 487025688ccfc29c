import { containerRequest } from '@longshore/engine/contract';
import { describe, expect, it } from 'vitest';
import { FULL_RUN_FORM } from '../../testing/full-run-form.ts';
import { EMPTY_MOUNT } from './mount-fields.tsx';
import { EMPTY_RUN_FORM, filledIn, RUN_SECTIONS, type RunField, type RunSection } from './run-form.ts';
import { canRun, hasProblem, readRunForm } from './run-problems.ts';

describe('a form that is filled in', () => {
  const { request, problems } = readRunForm(FULL_RUN_FORM);

  it('makes a request that the engine accepts', () => {
    expect(problems).toEqual({});
    expect(containerRequest.parse(request)).toMatchObject({
      mounts: [
        { type: 'bind', createSource: true },
        { type: 'volume', source: 'pgdata', noCopy: true },
        { type: 'volume' },
        { type: 'bind', createSource: false },
        { type: 'volume', subpath: '2026' },
        { type: 'tmpfs', mode: 0o1777 },
      ],
      resources: { memoryBytes: 256 * 1024 * 1024, cpus: 1.5, blockIo: { writeBps: [{ rate: 524_288 }] } },
      healthcheck: { timeoutMs: 2500 },
    });
  });

  it('has a field for everything that can be asked for', () => {
    const { stdinOnce: _ofTheDockerApi, ...shape } = containerRequest.shape;
    expect(Object.keys(request).toSorted()).toEqual(Object.keys(shape).toSorted());
  });

  it('has each of its fields on one page', () => {
    const shown = Object.values(RUN_SECTIONS).flat();
    expect(shown.toSorted()).toEqual(Object.keys(EMPTY_RUN_FORM).toSorted());
    for (const section of Object.keys(RUN_SECTIONS) as RunSection[]) {
      expect(filledIn(EMPTY_RUN_FORM, section)).toBe(0);
      expect(filledIn(FULL_RUN_FORM, section)).toBe(RUN_SECTIONS[section].length);
    }
  });
});

const mount = { ...EMPTY_MOUNT, source: '/a', target: '/b' };
const tmpfs = { target: '/tmp', size: '', mode: '', options: '' };
const device = { hostPath: '/dev/fuse', containerPath: '', permissions: 'rwm' };
const rate = { kind: 'readBps', path: '/dev/sda', rate: '1' } as const;
const own = { health: 'own' } as const;

describe('what is wrong is told beside its field', () => {
  it.each([
    ['image', { image: 'Nginx!' }],
    ['name', { name: '-x' }],
    ['command', { command: "echo 'a" }],
    ['entrypoint', { entrypoint: 'sh -c' }],
    ['env', { env: [{ name: '', value: 'x' }] }],
    ['mounts', { mounts: [{ ...mount, source: 'relative' }] }],
    ['mounts', { mounts: [{ ...mount, target: '/a:ro' }] }],
    ['mounts', { mounts: [{ ...mount, kind: 'volume', source: 'x' }] }],
    ['mounts', { mounts: [{ ...mount, kind: 'volume', source: 'data', subpath: '../up' }] }],
    ['ports', { ports: [{ host: '8080', container: '', protocol: 'tcp' }] }],
    ['ports', { ports: [{ host: 'nowhere:8080', container: '80', protocol: 'tcp' }] }],
    ['exposed', { exposed: 'http' }],
    ['networks', { networks: [{ network: '', aliases: 'www', address: '' }] }],
    ['networks', { networks: [{ network: 'shop', aliases: '-x', address: '' }] }],
    ['networks', { networks: [{ network: 'shop', aliases: '', address: '10.0.0' }] }],
    ['tmpfs', { tmpfs: [{ ...tmpfs, target: 'tmp' }] }],
    ['tmpfs', { mounts: [mount], tmpfs: [{ ...tmpfs, mode: '9' }] }],
    ['tmpfs', { tmpfs: [{ ...tmpfs, options: 'NoExec!' }] }],
    ['workingDir', { workingDir: 'srv' }],
    ['labels', { labels: [{ name: '', value: 'x' }] }],
    ['shmSize', { shmSize: 'much' }],
    ['networkContainer', { network: 'container' }],
    ['hostname', { hostname: '-x' }],
    ['hosts', { hosts: [{ name: 'db', value: '' }] }],
    ['dns', { dns: '9.9.9' }],
    ['memory', { memory: '5' }],
    ['memory', { memory: '1 GB' }],
    ['memorySwap', { memorySwap: 'all' }],
    ['swappiness', { swappiness: '101' }],
    ['cpus', { cpus: 'two' }],
    ['cpus', { cpus: '0' }],
    ['cpuQuota', { cpuQuota: '5' }],
    ['cpuShares', { cpuShares: '1' }],
    ['cpusetCpus', { cpusetCpus: 'a' }],
    ['pidsLimit', { pidsLimit: '1.5' }],
    ['ioWeight', { ioWeight: '5' }],
    ['rates', { rates: [{ ...rate, path: 'sda' }] }],
    ['rates', { rates: [{ ...rate, rate: '' }] }],
    ['ulimits', { ulimits: [{ name: 'nofile', soft: '', hard: '' }] }],
    ['oomScoreAdj', { oomScoreAdj: '2000' }],
    ['seccompProfile', { seccomp: 'profile' }],
    ['seccompProfile', { seccomp: 'profile', seccompProfile: { file: 'a', text: 'no json' } }],
    ['devices', { devices: [{ ...device, permissions: 'x' }] }],
    ['deviceRules', { deviceRules: ['everything'] }],
    ['sysctls', { sysctls: [{ name: '', value: '1' }] }],
    ['pidContainer', { pid: 'container' }],
    ['ipcContainer', { ipc: 'container' }],
    ['restartTimes', { restart: 'on-failure', restartTimes: 'often' }],
    ['healthInterval', { ...own, healthInterval: '0' }],
    ['healthStartPeriod', { ...own, healthStartPeriod: '-1' }],
    ['healthRetries', { ...own, healthRetries: '0' }],
    ['stopTimeout', { stopTimeout: 'soon' }],
    ['logFiles', { logSize: '10' }],
    ['logSize', { logFiles: '3' }],
  ] as const)('%s: %o', (field: RunField, part) => {
    const read = readRunForm({ ...EMPTY_RUN_FORM, image: 'busybox', ...part });
    expect(Object.keys(read.problems)).toEqual([field]);
    expect(canRun(read)).toBe(false);
    const marked = (Object.keys(RUN_SECTIONS) as RunSection[]).filter((each) =>
      hasProblem(read.problems, each),
    );
    expect(marked).toHaveLength(1);
  });
});
