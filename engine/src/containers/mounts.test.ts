import { describe, expect, it } from 'vitest';
import { checkMounts, ociMounts } from './mounts.ts';

const shmSizeBytes = 67_108_864;

describe('ociMounts', () => {
  it("has Docker's defaults, each with nosuid", () => {
    const mounts = ociMounts({ mounts: [], shmSizeBytes });
    expect(mounts.map(({ destination }) => destination)).toEqual([
      '/proc',
      '/dev',
      '/dev/pts',
      '/sys',
      '/sys/fs/cgroup',
      '/dev/mqueue',
      '/dev/shm',
    ]);
    for (const { options, destination } of mounts) expect(options, destination).toContain('nosuid');
    expect(mounts.at(-1)?.options).toContain('size=67108864');
  });

  it('makes a bind recursive, private, and read-only all the way down', () => {
    const mounts = ociMounts({
      shmSizeBytes,
      mounts: [{ type: 'bind', source: '/srv', target: '/data/', readOnly: true, createSource: false }],
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
      shmSizeBytes,
      mounts: [
        { type: 'tmpfs', target: '/a/b/c', sizeBytes: null },
        { type: 'tmpfs', target: '/a', sizeBytes: 4096 },
      ],
    });
    expect(mounts.slice(-2).map(({ destination }) => destination)).toEqual(['/a', '/a/b/c']);
    expect(mounts.at(-2)?.options).toContain('size=4096');
  });

  it('lets an asked mount take the place of a default one', () => {
    const mounts = ociMounts({
      shmSizeBytes,
      mounts: [
        { type: 'bind', source: '/dev/shm', target: '/dev/shm', readOnly: false, createSource: false },
      ],
    });
    expect(mounts.filter(({ destination }) => destination === '/dev/shm')).toHaveLength(1);
    expect(mounts.at(-1)?.type).toBe('bind');
  });
});

describe('checkMounts', () => {
  it.each(['/', '//', '/a/..'])('refuses the root as a target: %s', (target) => {
    expect(() => checkMounts([{ type: 'tmpfs', target, sizeBytes: null }])).toThrow('root of a container');
  });

  it('refuses two mounts at one place', () => {
    const tmpfs = (target: string) => ({ type: 'tmpfs', target, sizeBytes: null }) as const;
    expect(() => checkMounts([tmpfs('/data'), tmpfs('/data/')])).toThrow('Two mounts have the target /data.');
  });
});
