import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NO_LIMITS } from '../spec/resources.ts';
import { NO_DEVICES, resolveDevices } from './devices.ts';

const NONE = { devices: [], deviceRules: [], privileged: false };
const { blockIo } = NO_LIMITS;

describe.skipIf(process.platform !== 'linux')('devices', () => {
  it('are the runtime’s defaults when none are asked for', async () => {
    expect(await resolveDevices(NONE, blockIo)).toEqual(NO_DEVICES);
  });

  it('have the numbers of this machine, at the asked place, and a rule of their own after the defaults', async () => {
    const devices = [{ hostPath: '/dev/zero', containerPath: '/dev/nothing', permissions: 'r' }];
    const { nodes, rules } = await resolveDevices({ ...NONE, devices }, blockIo);
    expect(nodes).toMatchObject([{ path: '/dev/nothing', type: 'c', major: 1, minor: 5 }]);
    expect(rules?.[0]).toEqual({ allow: false, type: 'a', access: 'rwm' });
    expect(rules?.at(-1)).toEqual({ allow: true, type: 'c', major: 1, minor: 5, access: 'r' });
  });

  it('of a folder are all that is below it', async () => {
    const devices = [{ hostPath: '/dev', containerPath: '/dev/host', permissions: 'rwm' }];
    const paths = (await resolveDevices({ ...NONE, devices }, blockIo)).nodes.map(({ path }) => path);
    expect(paths).toContain('/dev/host/null');
    expect(paths.some((path) => path.includes('/pts/'))).toBe(false);
  });

  it('of a privileged container are not denied', async () => {
    const { rules } = await resolveDevices({ ...NONE, privileged: true }, blockIo);
    expect(rules).toEqual([{ allow: true, type: 'a', access: 'rwm' }]);
  });

  it('follow rules as the kernel writes them', async () => {
    const { rules } = await resolveDevices({ ...NONE, deviceRules: ['c 10:* rw'] }, blockIo);
    expect(rules?.at(-1)).toEqual({ allow: true, type: 'c', major: 10, access: 'rw' });
  });

  it('that are none are refused by name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'longshore-devices-'));
    try {
      const file = join(folder, 'file');
      await writeFile(file, '');
      for (const hostPath of [file, join(folder, 'missing')]) {
        const devices = [{ hostPath, containerPath: '/dev/x', permissions: 'r' }];
        await expect(resolveDevices({ ...NONE, devices }, blockIo)).rejects.toThrow(hostPath);
      }
      const slow = { ...blockIo, readBps: [{ path: '/dev/null', rate: 1 }] };
      await expect(resolveDevices(NONE, slow)).rejects.toThrow('/dev/null is not a block device.');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
