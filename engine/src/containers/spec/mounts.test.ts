import { describe, expect, it } from 'vitest';
import type { TmpfsMount } from '../../types/index.ts';
import { checkDevices, checkMounts } from './mounts.ts';

function tmpfs(target: string): TmpfsMount {
  return { type: 'tmpfs', target, sizeBytes: null, mode: null, options: [] };
}

describe('checkMounts', () => {
  it.each(['/', '//', '/a/..'])('refuses the root as a target: %s', (target) => {
    expect(() => checkMounts([tmpfs(target)])).toThrow('root of a container');
  });

  it('refuses two mounts at one place', () => {
    expect(() => checkMounts([tmpfs('/data'), tmpfs('/data/')])).toThrow('Two mounts have the target /data.');
  });
});

describe('checkDevices', () => {
  it.each(['/etc/passwd', '/dev/../etc/passwd', '/dev'])('refuses what is not below /dev: %s', (hostPath) => {
    const device = { hostPath, containerPath: '/dev/x', permissions: 'r' };
    expect(() => checkDevices([device])).toThrow('not below /dev');
  });
});
