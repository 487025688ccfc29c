import { describe, expect, it } from 'vitest';
import type { HostInfo, SystemInfo } from '../../types/index.ts';
import { MAX_VERSION, versionText } from '../server/versions.ts';
import { infoJson, versionJson } from './system.ts';

const HOST: HostInfo = {
  os: 'linux',
  architecture: 'arm64',
  kernelVersion: '6.18.0',
  cgroupMode: 'v2',
  cgroupControllers: ['memory', 'pids'],
  firewall: 'nftables',
  warnings: [],
};
const INFO: SystemInfo = {
  version: '1.0.0',
  engineId: 'engine',
  dataDir: '/data',
  runDir: '/run',
  agent: { status: 'running', pid: 1, version: '1.0.0' },
  host: HOST,
  counts: { containers: 5, running: 3, images: 2 },
};

function info(host: HostInfo | null = HOST, version = MAX_VERSION): object {
  const machine = { hostname: 'machine', operatingSystem: 'Debian', cpus: 2, memoryBytes: 1024 };
  return infoJson({ info: { ...INFO, host }, paused: 1, ...machine }, version);
}

describe('info', () => {
  it('counts paused containers apart from running ones', () => {
    expect(info()).toMatchObject({
      Containers: 5,
      ContainersRunning: 2,
      ContainersPaused: 1,
      ContainersStopped: 2,
      Images: 2,
    });
  });

  it('says what the machine can limit', () => {
    expect(info()).toMatchObject({
      MemoryLimit: true,
      PidsLimit: true,
      CPUSet: false,
      CpuCfsQuota: false,
      OomKillDisable: false,
      CgroupVersion: '2',
      Architecture: 'aarch64',
      KernelVersion: '6.18.0',
    });
    expect(info({ ...HOST, cgroupMode: 'hybrid' })).toMatchObject({
      OomKillDisable: true,
      CgroupVersion: '1',
    });
  });

  it('says of a machine that cannot be asked that it limits nothing', () => {
    expect(info(null)).toMatchObject({ MemoryLimit: false, PidsLimit: false, Warnings: null });
  });

  it('passes warnings on', () => {
    expect(info({ ...HOST, warnings: ['no swap'] })).toMatchObject({ Warnings: ['no swap'] });
  });

  it('is of an engine without a swarm', () => {
    expect(info()).toMatchObject({ Swarm: { LocalNodeState: 'inactive', ControlAvailable: false } });
  });

  it.each([
    ['KernelMemory', 42],
    ['BridgeNfIptables', 50],
  ])('has %s until 1.%i', (name, until) => {
    expect(info(HOST, until - 1)).toHaveProperty(name);
    expect(info(HOST, until)).not.toHaveProperty(name);
  });

  it('has CDISpecDirs since 1.44, and expected commits until 1.49', () => {
    expect(info(HOST, 43)).not.toHaveProperty('CDISpecDirs');
    expect(info(HOST, 44)).toHaveProperty('CDISpecDirs');
    expect(info(HOST, 48)).toMatchObject({ RuncCommit: { ID: '', Expected: '' } });
    expect(info(HOST, 49)).toHaveProperty('RuncCommit', { ID: '' });
  });
});

describe('version', () => {
  it('has the versions of the API, and the machine of the containers', () => {
    expect(versionJson(INFO)).toMatchObject({
      ApiVersion: versionText(MAX_VERSION),
      MinAPIVersion: '1.24',
      Os: 'linux',
      Arch: 'arm64',
      KernelVersion: '6.18.0',
    });
  });

  it('is known without an agent as well', () => {
    expect(versionJson({ ...INFO, host: null })).toMatchObject({
      Arch: expect.stringMatching(/^[a-z0-9]+$/) as string,
      KernelVersion: expect.stringMatching(/^\d/) as string,
    });
  });
});
