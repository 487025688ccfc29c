import { describe, expect, it } from 'vitest';
import { containerDetails } from '../../testing/api/container-details.ts';
import { containerRequest } from './container-create.ts';
import { createBody } from './container-settings.ts';
import { hostConfigJson } from './host-config.ts';

/** What inspect shows of a container that was created with this. */
function shown(host: object, version = 51): object {
  const body = createBody.parse({ Image: 'busybox', HostConfig: host });
  return hostConfigJson(containerDetails(containerRequest(body, { name: undefined, version })), version);
}

/** Clients make containers anew from what inspect shows: it has to say what was asked. */
const KEPT: readonly (readonly [name: string, host: object])[] = [
  ['limits', { Memory: 8_388_608, MemorySwap: -1, NanoCpus: 1_500_000_000, CpuShares: 512, PidsLimit: 10 }],
  ['processors', { CpusetCpus: '0', CpusetMems: '0', CpuQuota: 5000, CpuPeriod: 10_000 }],
  ['rates of disks', { BlkioWeight: 100, BlkioDeviceReadBps: [{ Path: '/dev/sda', Rate: 1024 }] }],
  ['capabilities', { CapAdd: ['CAP_NET_ADMIN'], CapDrop: ['CAP_MKNOD'] }],
  ['a restart policy', { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 } }],
  ['a container that goes by itself', { AutoRemove: true }],
  [
    'names',
    { Dns: ['10.0.0.1'], DnsSearch: ['sea'], DnsOptions: ['ndots:2'], ExtraHosts: ['quay:10.0.0.2'] },
  ],
  ['ports', { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }] } }],
  ['a range of ports', { PortBindings: { '80/udp': [{ HostIp: '', HostPort: '8000-8010' }] } }],
  ['all ports', { PublishAllPorts: true }],
  ['a device', { Devices: [{ PathOnHost: '/dev/fuse', PathInContainer: '/dev/f', CgroupPermissions: 'r' }] }],
  ['rules of devices', { DeviceCgroupRules: ['c 10:200 rwm'] }],
  ['ulimits', { Ulimits: [{ Name: 'nofile', Soft: 10, Hard: 20 }] }],
  ['settings of the kernel', { Sysctls: { 'net.core.somaxconn': '256' } }],
  ['namespaces of the machine', { PidMode: 'host', IpcMode: 'host', UTSMode: 'host', CgroupnsMode: 'host' }],
  ['no network', { NetworkMode: 'none' }],
  ['a network of its own', { NetworkMode: 'sea' }],
  ['a root that stays as it is', { ReadonlyRootfs: true }],
  ['an init', { Init: true }],
  ['shared memory', { ShmSize: 1_048_576, OomScoreAdj: 300 }],
  ['groups', { GroupAdd: ['audio'] }],
  ['no new privileges', { SecurityOpt: ['no-new-privileges'] }],
  ['no filter of system calls', { SecurityOpt: ['seccomp=unconfined'] }],
];

describe('HostConfig of inspect', () => {
  it.each(KEPT)('has %s as asked', (_, host) => {
    expect(shown(host)).toMatchObject(host);
  });

  it('has nulls, zeros and empty lists where nothing was asked', () => {
    expect(shown({})).toMatchObject({
      Binds: null,
      CapAdd: null,
      ExtraHosts: null,
      Links: null,
      Memory: 0,
      MemorySwap: 0,
      NanoCpus: 0,
      PidsLimit: null,
      MemorySwappiness: null,
      SecurityOpt: null,
      Dns: [],
      Devices: [],
      PortBindings: {},
      NetworkMode: 'bridge',
      RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
    });
  });

  it('fills in twice the memory for swap', () => {
    expect(shown({ Memory: 8_388_608 })).toMatchObject({ MemorySwap: 16_777_216 });
  });

  it.each([
    ['hidden from a container', {}, ['/proc/kcore'], ['/proc/sys']],
    ['open to a privileged one', { Privileged: true }, null, null],
    ['open to one that asks for them', { MaskedPaths: [], ReadonlyPaths: [] }, null, null],
  ])('says which files of the kernel are %s', (_, host, masked, readOnly) => {
    const { MaskedPaths, ReadonlyPaths } = shown(host) as Record<string, readonly string[] | null>;
    expect(MaskedPaths).toEqual(masked && expect.arrayContaining(masked));
    expect(ReadonlyPaths).toEqual(readOnly && expect.arrayContaining(readOnly));
  });

  it('names the log that is kept', () => {
    expect(
      shown({ LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } } }),
    ).toMatchObject({
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10485760', 'max-file': '2' } },
    });
  });
});
