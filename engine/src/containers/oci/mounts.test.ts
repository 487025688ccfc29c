import { describe, expect, it } from 'vitest';
import { ociMounts, rootPropagation } from './mounts.ts';
import type { BindMount, TmpfsMount } from '../../types/index.ts';

const OWN = { mounts: [], shmSizeBytes: 67_108_864, ipc: 'private', privileged: false } as const;

function bind(given: Partial<BindMount>): BindMount {
  return {
    type: 'bind',
    source: '/srv',
    target: '/data',
    readOnly: false,
    createSource: false,
    propagation: 'rprivate',
    recursive: true,
    ...given,
  };
}

function tmpfs(given: Partial<TmpfsMount>): TmpfsMount {
  return { type: 'tmpfs', target: '/a', sizeBytes: null, mode: null, options: [], ...given };
}

describe('ociMounts', () => {
  it("has Docker's defaults, each with nosuid", () => {
    const mounts = ociMounts(OWN);
    expect(mounts.map(({ destination }) => destination)).toEqual([
      '/proc',
      '/dev',
      '/dev/pts',
      '/dev/mqueue',
      '/sys',
      '/sys/fs/cgroup',
      '/dev/shm',
    ]);
    for (const { options, destination } of mounts) expect(options, destination).toContain('nosuid');
    expect(mounts.at(-1)?.options).toContain('size=67108864');
  });

  it('makes a bind recursive, private, and read-only all the way down', () => {
    const mounts = ociMounts({
      ...OWN,
      mounts: [bind({ target: '/data/', readOnly: true })],
    });
    expect(mounts.at(-1)).toEqual({
      destination: '/data',
      type: 'bind',
      source: '/srv',
      options: ['rbind', 'rprivate', 'ro', 'rro'],
    });
  });

  it('puts parents before children, whatever the order they were asked in', () => {
    const mounts = ociMounts({
      ...OWN,
      mounts: [tmpfs({ target: '/a/b/c' }), tmpfs({ sizeBytes: 4096 })],
    });
    expect(mounts.slice(-2).map(({ destination }) => destination)).toEqual(['/a', '/a/b/c']);
    expect(mounts.at(-2)?.options).toContain('size=4096');
  });

  it('lets an asked mount take the place of a default one', () => {
    const mounts = ociMounts({
      ...OWN,
      mounts: [bind({ source: '/dev/shm', target: '/dev/shm' })],
    });
    expect(mounts.filter(({ destination }) => destination === '/dev/shm')).toHaveLength(1);
    expect(mounts.at(-1)?.type).toBe('bind');
  });

  it("takes the options of a tmpfs over Docker's", () => {
    const [mount] = ociMounts({
      ...OWN,
      mounts: [tmpfs({ mode: 0o1770, options: ['exec', 'uid=7'] })],
    }).slice(-1);
    expect(mount?.options).toEqual(['nosuid', 'nodev', 'mode=1770', 'exec', 'uid=7']);
  });

  it('has no shared memory of its own where the IPC namespace is nobody’s or another’s', () => {
    const targets = (ipc: 'none' | 'host' | `container:${string}`) =>
      ociMounts({ ...OWN, ipc }).filter(({ destination }) => destination === '/dev/shm');
    expect(targets('none')).toEqual([]);
    expect(targets('container:1')).toEqual([]);
    expect(targets('host')).toMatchObject([{ type: 'bind', source: '/dev/shm' }]);
  });

  it('lets a privileged container write to sysfs and its cgroup', () => {
    const system = ociMounts({ ...OWN, privileged: true }).filter(({ destination }) =>
      destination.startsWith('/sys'),
    );
    for (const { options } of system) expect(options).toContain('rw');
  });
});

describe('rootPropagation', () => {
  it('lets mounts through as far as a bind asks for it', () => {
    expect(rootPropagation([bind({})])).toBeNull();
    expect(rootPropagation([bind({ propagation: 'rslave' })])).toBe('rslave');
    expect(rootPropagation([bind({ propagation: 'rslave' }), bind({ propagation: 'shared' })])).toBe(
      'rshared',
    );
  });
});
