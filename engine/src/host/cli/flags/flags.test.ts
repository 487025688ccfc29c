import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { containerRequest } from '../../../contract/index.ts';
import { addContainerOptions, type ContainerOptions, toContainerRequest } from './container-options.ts';
import { resolveEnv } from './env.ts';
import { parseMount, parseVolume } from './mounts.ts';
import { parseMoment, parsePlatform, parseSize, parseSwap, parseTail } from './values.ts';

describe('sizes', () => {
  it.each([
    ['512m', 512 * 1024 * 1024],
    ['1.5g', 1.5 * 1024 ** 3],
    ['1024', 1024],
    ['2GB', 2 * 1024 ** 3],
    ['64k', 65_536],
  ])('%s is %d bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  it.each(['', 'x', '12q', '-5m', '1..2g'])('%j is none', (text) => expect(() => parseSize(text)).toThrow());

  it('takes -1 as no limit of swap only', () => {
    expect(parseSwap('-1')).toBe(-1);
    expect(() => parseSize('-1')).toThrow();
  });
});

describe('moments', () => {
  it('counts a duration back from now', () => {
    const back = Date.now() - Date.parse(parseMoment('1h30m'));
    expect(Math.abs(back - 5_400_000)).toBeLessThan(5000);
  });

  it('takes RFC 3339 and Unix seconds', () => {
    expect(parseMoment('2026-01-31T12:00:00Z')).toBe('2026-01-31T12:00:00.000Z');
    expect(parseMoment('1700000000')).toBe('2023-11-14T22:13:20.000Z');
  });

  it('refuses what is no time', () => expect(() => parseMoment('soon')).toThrow());
});

describe('-v', () => {
  it('resolves relative paths and the home folder here', () => {
    const target = '/data';
    const access = { readOnly: false, recursive: true, propagation: 'rprivate' };
    const mount = { type: 'bind', target, createSource: true, ...access };
    expect(parseVolume('./x:/data')).toEqual([{ ...mount, source: path.resolve('x') }]);
    expect(parseVolume('~/x:/data')).toEqual([{ ...mount, source: path.join(os.homedir(), 'x') }]);
    expect(parseVolume('/x:/data:ro')).toEqual([{ ...mount, source: '/x', readOnly: true }]);
  });

  it.each(['', ':/data', '/x:', 'name:/data:rx', '/x:/data:rx', '/a:/b:ro:c'])(
    'refuses %s and says why',
    (value) => {
      expect(() => parseVolume(value)).toThrow(/write|no option/);
    },
  );
});

describe('--mount', () => {
  it('reads bind and tmpfs mounts', () => {
    expect(parseMount('type=bind,source=/a,target=/b,readonly')).toEqual([
      {
        ...{ type: 'bind', source: '/a', target: '/b', readOnly: true, createSource: false },
        ...{ propagation: 'rprivate', recursive: true },
      },
    ]);
    expect(parseMount('type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=1770')).toEqual([
      { type: 'tmpfs', target: '/t', sizeBytes: 1_048_576, mode: 0o1770 },
    ]);
  });

  it.each([
    'type=bind,target=/b',
    'type=bind,source=/a',
    'type=bind,source=/a,target=/b,colour=red',
    'type=volume,source=a',
    'type=volume,target=/b,volume-driver=other',
    'type=cluster,target=/b',
  ])('refuses %s', (value) => expect(() => parseMount(value)).toThrow());
});

describe('-e', () => {
  it('takes a value from here when only the name is given, and leaves out what is not set', () => {
    expect(resolveEnv(['A=1', 'HERE', 'NOT_HERE'], { HERE: 'yes' })).toEqual(['A=1', 'HERE=yes']);
  });
});

describe('other values', () => {
  it('reads platforms', () => {
    expect(parsePlatform('linux/arm64/v8')).toEqual({ os: 'linux', architecture: 'arm64', variant: 'v8' });
    expect(() => parsePlatform('arm64')).toThrow();
  });

  it('reads --tail', () => {
    expect(parseTail('all')).toBeUndefined();
    expect(parseTail('10')).toBe(10);
  });
});

describe("docker's flags", () => {
  function request(...args: string[]) {
    let made: unknown;
    const command = addContainerOptions(
      new Command().helpOption('--help').argument('<image>').argument('[command...]'),
    )
      .passThroughOptions()
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .action((image: string, words: string[], options: ContainerOptions) => {
        made = toContainerRequest(image, words, options);
      });
    command.parse(args, { from: 'user' });
    return containerRequest.parse(made);
  }

  it('become a request that the contract accepts', () => {
    const made = request(
      ...['-it', '--rm', '--name', 'web', '-e', 'A=1', '-e', 'B=2', '-w', '/srv', '-u', '1000:1000'],
      ...['-m', '64m', '--cpus', '1.5', '-h', 'host', '--ulimit', 'nofile=10:20', '--cap-drop', 'ALL'],
      ...['--security-opt', 'no-new-privileges', '--network', 'none', 'debian', 'ls', '-la'],
    );
    expect(made).toMatchObject({
      image: 'debian',
      command: ['ls', '-la'],
      name: 'web',
      tty: true,
      openStdin: true,
      autoRemove: true,
      env: ['A=1', 'B=2'],
      workingDir: '/srv',
      user: '1000:1000',
      hostname: 'host',
      resources: { memoryBytes: 67_108_864, cpus: 1.5 },
      ulimits: [{ name: 'nofile', soft: 10, hard: 20 }],
      capDrop: ['ALL'],
      noNewPrivileges: true,
      network: 'none',
    });
  });

  it('cover what a container is allowed, shares and is limited to', () => {
    const made = request(
      ...['--privileged', '--pid', 'host', '--ipc', 'container:db', '--uts', 'host', '--userns', 'auto'],
      ...['--cgroupns', 'host', '--cgroup-parent', '/jobs', '--net', 'container:db', '--oom-score-adj', '5'],
      ...['--device', '/dev/fuse:r', '--device', '/dev/a:/dev/b:rw', '--device-cgroup-rule', 'c 10:* rwm'],
      ...['--sysctl', 'net.core.somaxconn=512', '--security-opt', 'apparmor=mine'],
      ...['--security-opt', 'systempaths=unconfined', '--security-opt', 'seccomp=unconfined'],
      ...['--cpu-quota', '5000', '--cpu-period', '10000', '--blkio-weight', '300', '--oom-kill-disable'],
      ...['--device-read-bps', '/dev/sda:1mb', '--device-write-iops', '/dev/sda:100', 'debian'],
    );
    expect(made).toMatchObject({
      ...{ privileged: true, pid: 'host', ipc: 'container:db', uts: 'host', users: 'auto' },
      ...{ cgroup: 'host', cgroupParent: '/jobs', network: 'container:db', oomScoreAdj: 5 },
      devices: [
        { hostPath: '/dev/fuse', containerPath: '/dev/fuse', permissions: 'r' },
        { hostPath: '/dev/a', containerPath: '/dev/b', permissions: 'rw' },
      ],
      ...{ deviceRules: ['c 10:* rwm'], sysctls: { 'net.core.somaxconn': '512' } },
      ...{ apparmor: 'mine', systemPaths: 'unconfined', seccomp: 'unconfined' },
      resources: {
        ...{ cpuQuotaUs: 5000, cpuPeriodUs: 10_000, oomKillDisable: true },
        blockIo: {
          weight: 300,
          readBps: [{ path: '/dev/sda', rate: 1_048_576 }],
          writeIops: [{ path: '/dev/sda', rate: 100 }],
        },
      },
    });
  });

  it('say what is done with it while it runs and when it ends', () => {
    const made = request(
      ...['--restart', 'on-failure:3', '--health-cmd', 'true', '--health-interval', '1m30s'],
      ...['--health-retries', '2', '--log-opt', 'max-size=1m', 'debian'],
    );
    expect(made).toMatchObject({
      restart: { name: 'on-failure', maximumRetries: 3 },
      healthcheck: { command: 'true', intervalMs: 90_000, retries: 2 },
      log: { maxSizeBytes: 1_048_576, maxFiles: 3 },
    });
    expect(request('--no-healthcheck', 'debian').healthcheck).toEqual({ disabled: true });
  });

  it.each([
    ['--restart', 'sometimes'],
    ['--restart', 'always:3'],
    ['--security-opt', 'label=user:x'],
    ['--security-opt', 'seccomp=/not/there.json'],
    ['--pid', 'container'],
    ['--log-driver', 'syslog'],
    ['--log-opt', 'colour=red'],
    ['--device-read-bps', '/dev/sda'],
  ])('%s %s is refused', (flag, value) => {
    expect(() => request(flag, value, 'debian')).toThrow();
  });

  it('behind the image belong to the command', () => {
    expect(request('debian', 'sh', '-c', 'echo --rm').command).toEqual(['sh', '-c', 'echo --rm']);
    expect(request('debian').command).toBeUndefined();
  });

  it('reset the entrypoint when it is empty', () => {
    expect(request('--entrypoint', '', 'debian').entrypoint).toEqual([]);
  });
});
