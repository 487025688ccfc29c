import { describe, expect, it } from 'vitest';
import type { ContainerRequestInput } from '../../contract/index.ts';
import { DockerError } from '../server/failure.ts';
import { containerRequest } from './container-create.ts';
import { createBody } from './container-settings.ts';

function requestOf(body: object, version = 51): ContainerRequestInput {
  return containerRequest(createBody.parse({ Image: 'busybox', ...body }), { name: undefined, version });
}

function refusalOf(host: object): string {
  try {
    requestOf({ HostConfig: host });
  } catch (thrown) {
    if (thrown instanceof DockerError) return `${thrown.status} ${thrown.message}`;
    throw thrown;
  }
  return 'none';
}

const SETTINGS: readonly (readonly [name: string, body: object, request: object])[] = [
  ['a command of one text', { Cmd: 'ls' }, { command: ['ls'] }],
  ['an empty command, which says nothing', { Cmd: [] }, { image: 'busybox' }],
  ["an entrypoint that takes away the image's", { Entrypoint: [''] }, { entrypoint: [] }],
  ['nulls in place of lists', { Env: null, HostConfig: { Binds: null } }, { env: [], mounts: [] }],
  ['stdin of one client', { OpenStdin: true, StdinOnce: true }, { openStdin: true }],
  ['stdin that outlives its clients', { OpenStdin: true }, { openStdin: true, stdinOnce: false }],
  ['no health check', { Healthcheck: { Test: ['NONE'] } }, { healthcheck: { disabled: true } }],
  [
    'a health check of the shell',
    { Healthcheck: { Test: ['CMD-SHELL', 'test -e /ok'], Interval: 1_500_000_000, Retries: 2 } },
    { healthcheck: { command: 'test -e /ok', intervalMs: 1500, retries: 2 } },
  ],
  [
    'a health check of words',
    { Healthcheck: { Test: ['CMD', 'true'] } },
    { healthcheck: { command: ['true'] } },
  ],
  ['a stop timeout of nothing', { StopTimeout: 0 }, { stopTimeoutSeconds: 0 }],
];

const HOST: readonly (readonly [name: string, host: object, request: object])[] = [
  [
    'a folder of this machine',
    { Binds: ['/here:/there:ro,Z'] },
    { mounts: [{ type: 'bind', source: '/here', target: '/there', readOnly: true, createSource: true }] },
  ],
  [
    'a volume by its name',
    { Binds: ['data:/data:nocopy'] },
    { mounts: [{ type: 'volume', source: 'data', target: '/data', readOnly: false, noCopy: true }] },
  ],
  [
    'a folder that must be there',
    { Mounts: [{ Type: 'bind', Source: '/here', Target: '/there' }] },
    { mounts: [{ type: 'bind', source: '/here', createSource: false, recursive: true }] },
  ],
  [
    'memory for files',
    { Tmpfs: { '/run': 'size=64m,mode=1777,exec' } },
    { mounts: [{ type: 'tmpfs', target: '/run', sizeBytes: 67_108_864, mode: 0o1777, options: ['exec'] }] },
  ],
  ['half a processor', { NanoCpus: 500_000_000 }, { resources: { cpus: 0.5 } }],
  ['limits of zero, which are none', { Memory: 0, CpuShares: 0, PidsLimit: 0 }, { resources: {} }],
  [
    'a restart policy',
    { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 } },
    { restart: { name: 'on-failure', maximumRetries: 3 } },
  ],
  ['an empty restart policy', { RestartPolicy: { Name: '' } }, { restart: { name: 'no' } }],
  [
    "another one's volumes",
    { VolumesFrom: ['a', 'b:ro'] },
    { volumesFrom: [{ container: 'a' }, { container: 'b', readOnly: true }] },
  ],
  ['no new privileges', { SecurityOpt: ['no-new-privileges'] }, { noNewPrivileges: true }],
  ['no filter of system calls', { SecurityOpt: ['seccomp=unconfined'] }, { seccomp: 'unconfined' }],
  ["the kernel's files as they are", { MaskedPaths: [], ReadonlyPaths: [] }, { systemPaths: 'unconfined' }],
  ["another one's processes", { PidMode: 'container:web' }, { pid: 'container:web' }],
  [
    'a log of a size',
    { LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } } },
    { log: { maxSizeBytes: 10_485_760, maxFiles: 2 } },
  ],
  [
    'a device under its own name',
    { Devices: [{ PathOnHost: '/dev/fuse' }] },
    { devices: [{ hostPath: '/dev/fuse', containerPath: '/dev/fuse', permissions: 'rwm' }] },
  ],
];

const REFUSED: readonly (readonly [name: string, host: object, refusal: RegExp])[] = [
  ['a runtime that is not here', { Runtime: 'kata' }, /^400 unknown or invalid runtime name: kata$/],
  [
    'a driver of logs',
    { LogConfig: { Type: 'syslog' } },
    /^400 logger: no log driver named 'syslog' is registered$/,
  ],
  [
    'an option of logs',
    { LogConfig: { Config: { tag: 'x' } } },
    /^400 unknown log opt 'tag' for json-file log driver$/,
  ],
  ['a size of the root', { StorageOpt: { size: '1G' } }, /^400 --storage-opt is not supported$/],
  ['a graphics card', { DeviceRequests: [{ Driver: 'nvidia' }] }, /^400 could not select device driver/],
  [
    'a policy that is none',
    { RestartPolicy: { Name: 'sometimes' } },
    /^400 invalid restart policy: unknown policy 'sometimes'/,
  ],
  ['a mode of a mount', { Binds: ['/a:/b:fast'] }, /^400 invalid mode: fast$/],
  ['a mount without a place', { Binds: ['/a'] }, /^400 invalid volume specification: '\/a'$/],
  ['a kind of mount', { Mounts: [{ Type: 'npipe', Target: '/x' }] }, /^400 invalid mount config/],
  ['an option of security', { SecurityOpt: ['colour=red'] }, /^400 invalid --security-opt: "colour=red"$/],
  ['more processors than there are', { NanoCpus: 1e15 }, /^400 Range of CPUs is from 0\.01 to \d+\.00/],
  ['a driver of volumes', { VolumeDriver: 'nfs' }, /^400 plugin "nfs" not found$/],
];

describe("a container as Docker's JSON asks for it", () => {
  it.each(SETTINGS)('has %s', (_, body, request) => {
    expect(requestOf(body)).toMatchObject(request);
  });

  it.each(HOST)('has %s', (_, host, request) => {
    expect(requestOf({ HostConfig: host })).toMatchObject(request);
  });

  it.each(REFUSED)('is refused with %s', (_, host, refusal) => {
    expect(refusalOf(host)).toMatch(refusal);
  });

  it('needs an image', () => {
    expect(() => requestOf({ Image: '' })).toThrow('config cannot be empty');
  });
});
