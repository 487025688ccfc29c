import { describe, expect, it } from 'vitest';
import { type ContainerRequestInput, containerRequest } from '../../contract/index.ts';
import { FakeNetworkSource } from '../../testing/networks/index.ts';
import { imageConfig } from '../../testing/runtime/index.ts';
import type { ImageRunConfig } from '../../types/index.ts';
import { containerSpec } from '../spec/container-spec.ts';
import { NO_DEVICES } from './devices.ts';
import { type HostTraits, runtimeSpec } from './runtime-spec.ts';

const ID = 'abcdef0123456789'.repeat(4);
const MIB = 1024 * 1024;
const HOST: HostTraits = {
  swapAccounting: true,
  maskedPaths: ['/proc/kcore'],
  architecture: 'amd64',
  kernelVersion: '6.18.0',
  hostname: 'machine',
};

/** config.json for what a person asks, on an image that says so much. */
function specFor(
  asked: Partial<ContainerRequestInput> = {},
  image: Partial<ImageRunConfig> = {},
  host: Partial<HostTraits> = {},
) {
  const config = imageConfig({ command: ['sh'], ...image });
  const around = {
    image: { id: 'sha256:1', reference: 'app', platform: 'linux/amd64', chainIds: [], config },
    find: () => {
      throw new Error('No other container is asked for.');
    },
    mounts: [],
    networks: new FakeNetworkSource(),
    idMappings: () => [],
    machineName: 'machine',
  };
  const request = containerRequest.parse({ image: 'app', ...asked });
  return runtimeSpec(ID, containerSpec(ID, request, around), { ...HOST, ...host }, NO_DEVICES);
}

const resourcesFor = (resources: ContainerRequestInput['resources'], host?: Partial<HostTraits>) =>
  specFor({ resources }, {}, host).linux.resources;

describe('memory', () => {
  it('--memory 512m sets the limit and allows as much swap again', () => {
    expect(resourcesFor({ memoryBytes: 512 * MIB })).toEqual({
      memory: { limit: 512 * MIB, swap: 1024 * MIB },
    });
  });

  it('--memory 512m sets the limit alone where the kernel does not account for swap', () => {
    expect(resourcesFor({ memoryBytes: 512 * MIB }, { swapAccounting: false })).toEqual({
      memory: { limit: 512 * MIB },
    });
  });

  it('--memory-swap equal to --memory allows no swap, -1 any', () => {
    const memoryBytes = 512 * MIB;
    expect(resourcesFor({ memoryBytes, memorySwapBytes: memoryBytes }).memory?.swap).toBe(memoryBytes);
    expect(resourcesFor({ memoryBytes, memorySwapBytes: -1 }).memory?.swap).toBe(-1);
  });

  it('--memory-swap needs --memory, and cannot be less', () => {
    const needsMemory = () => resourcesFor({ memorySwapBytes: MIB * 100 });
    const tooLittle = () => resourcesFor({ memoryBytes: 200 * MIB, memorySwapBytes: 100 * MIB });
    for (const ask of [needsMemory, tooLittle]) {
      expect(ask).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
    }
  });

  it('--memory-reservation cannot be more than --memory', () => {
    expect(() => resourcesFor({ memoryBytes: 100 * MIB, memoryReservationBytes: 200 * MIB })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });

  it('--memory 0 is no limit', () => {
    expect(resourcesFor({ memoryBytes: 0 })).toEqual({});
  });
});

describe('processors and processes', () => {
  it('--cpus 1.5 is 150 ms of processor time in every 100 ms', () => {
    expect(resourcesFor({ cpus: 1.5 })).toEqual({ cpu: { quota: 150_000, period: 100_000 } });
  });

  it('--cpu-shares and --cpuset-cpus go over as they are', () => {
    expect(resourcesFor({ cpuShares: 512, cpusetCpus: '0-1' })).toEqual({
      cpu: { shares: 512, cpus: '0-1' },
    });
  });

  it('--pids-limit 100 is a limit; 0 and -1 are none', () => {
    expect(resourcesFor({ pidsLimit: 100 })).toEqual({ pids: { limit: 100 } });
    expect(resourcesFor({ pidsLimit: 0 })).toEqual({});
    expect(resourcesFor({ pidsLimit: -1 })).toEqual({});
  });

  it('without any flag there is no limit at all', () => {
    expect(resourcesFor({})).toEqual({});
  });
});

describe('ulimits', () => {
  const ulimit = (name: string, soft: number, hard: number) =>
    specFor({ ulimits: [{ name, soft, hard }] }).process.rlimits;

  it('--ulimit nofile=1024:2048 sets the soft and the hard limit', () => {
    expect(ulimit('nofile', 1024, 2048)).toEqual([{ type: 'RLIMIT_NOFILE', soft: 1024, hard: 2048 }]);
  });

  it('--ulimit core=-1 is unlimited', () => {
    expect(ulimit('core', -1, -1)).toEqual([{ type: 'RLIMIT_CORE', soft: Infinity, hard: Infinity }]);
  });

  it.each([
    ['nonsense', 1, 1],
    ['nofile', 2, 1],
    ['nofile', -1, 1],
  ])('--ulimit %s=%i:%i is refused', (name, soft, hard) => {
    expect(() => ulimit(name, soft, hard)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});

describe('the process', () => {
  it('is what was asked for, over what the image says', () => {
    const image = { entrypoint: ['/entry'], command: ['a'], workingDir: '/srv', env: ['A=1', 'B=1'] };
    const { process } = specFor({ command: ['b'], env: ['B=2'] }, image);
    expect(process.args).toEqual(['/entry', 'b']);
    expect(process.cwd).toBe('/srv');
    expect(process.env).toEqual(expect.arrayContaining(['A=1', 'B=2', `HOSTNAME=${ID.slice(0, 12)}`]));
    expect(process.env).not.toContain('B=1');
  });

  it('has a PATH and, with a terminal, a TERM, unless it is given its own', () => {
    const names = (env: readonly string[]) => env.map((entry) => entry.split('=')[0]);
    expect(names(specFor().process.env)).toEqual(['PATH', 'HOSTNAME']);
    expect(specFor({ tty: true }).process.env).toContain('TERM=xterm');
    const own = specFor({ tty: true, env: ['TERM=vt100', 'PATH=/mine'] }).process.env;
    expect(own).toEqual([`HOSTNAME=${ID.slice(0, 12)}`, 'TERM=vt100', 'PATH=/mine']);
  });

  it('begins in the root folder when nobody says where', () => {
    expect(specFor().process.cwd).toBe('/');
  });

  it('inherits no capability: neither inheritable nor ambient ones', () => {
    const { capabilities } = specFor({ capAdd: ['SYS_ADMIN'] }).process;
    expect(capabilities.bounding).toContain('CAP_SYS_ADMIN');
    expect([capabilities.inheritable, capabilities.ambient]).toEqual([[], []]);
  });
});

describe('isolation', () => {
  const namespacesOf = (asked: Partial<ContainerRequestInput>) =>
    specFor(asked).linux.namespaces.map(({ type }) => type);

  it('is a namespace of each kind, and Docker’s network settings in it', () => {
    expect(namespacesOf({}).sort()).toEqual(['cgroup', 'ipc', 'mount', 'network', 'pid', 'uts']);
    expect(specFor().linux.sysctl).toHaveProperty(['net.ipv4.ip_unprivileged_port_start'], '0');
  });

  it('--network host shares the network and changes none of its settings', () => {
    expect(namespacesOf({ network: 'host' })).not.toContain('network');
    expect(specFor({ network: 'host' }).linux.sysctl).toEqual({});
  });

  it('hides and protects what Docker hides and protects', () => {
    const { maskedPaths, readonlyPaths } = specFor().linux;
    expect(maskedPaths).toEqual(HOST.maskedPaths);
    expect(readonlyPaths).toContain('/proc/sys');
  });

  it('--read-only and --hostname go to the root file system and the host name', () => {
    const spec = specFor({ readOnlyRootfs: true, hostname: 'ship', domainname: 'sea' });
    expect(spec).toMatchObject({ hostname: 'ship', domainname: 'sea', root: { readonly: true } });
  });

  it('each container has a cgroup of its own', () => {
    expect(specFor().linux.cgroupsPath).toBe(`/longshore/${ID}`);
  });
});

describe('what can never run is refused when it is asked for', () => {
  it.each<[string, Partial<ContainerRequestInput>]>([
    ['a stop signal that does not exist', { stopSignal: 'SIGNOPE' }],
    ['an extra host without an address', { extraHosts: ['name'] }],
    ['an unknown capability', { capAdd: ['FLY'] }],
    ['no command at all', { entrypoint: [''], command: [] }],
  ])('%s', (_, asked) => {
    expect(() => specFor(asked)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});
