import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContainerDetails } from '../src/types/index.ts';
import { describeReal, RealEngine } from './real-agent.ts';
import { RealContainers, type Settings } from './support/real-containers.ts';
import { SETTINGS } from './support/settings-table.ts';

const context = { signal: new AbortController().signal };

function mount(...args: readonly string[]): Promise<unknown> {
  return promisify(execFile)('mount', args);
}

describeReal('what a container is asked to be', () => {
  let engine: RealEngine;
  let containers: RealContainers;

  beforeAll(async () => {
    engine = await RealEngine.open();
    const { id } = await engine.handlers.images.installStarter({ name: 'busybox' }, context);
    containers = new RealContainers(engine, id);
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  describe.each(SETTINGS)('%s', (_, rows) => {
    it.each(rows)('$name', async ({ settings, look, sees }) => {
      const seen = await containers.output(look, settings);
      if (typeof sees === 'string') expect(seen).toBe(sees);
      else expect(seen).toMatch(sees);
    });
  });

  describe('with another container', () => {
    let peer: ContainerDetails;

    beforeAll(async () => {
      peer = await containers.run(['sh', '-c', 'echo ahoy > /dev/shm/x; exec sleep 1000'], {
        name: 'peer',
        ipc: 'shareable',
      });
    });
    afterAll(() => containers.remove(peer.id));

    it('shares its network, its host name and its /etc/hosts', async () => {
      const seen = await containers.output('hostname; ip -4 addr show eth0', { network: 'container:peer' });
      expect(seen).toContain(peer.spec.hostname);
      expect(seen).toContain(peer.networks[0]?.ipv4?.address ?? 'an address');
    });

    it('shares its processes', async () => {
      expect(
        await containers.output('ps | grep "sleep 1000" | grep -cv grep', { pid: 'container:peer' }),
      ).toBe('1\n');
    });

    it('shares its memory', async () => {
      expect(await containers.output('cat /dev/shm/x', { ipc: 'container:peer' })).toBe('ahoy\n');
    });

    it('is refused one that does not run, by its name', async () => {
      const gone = await containers.run(['true'], { name: 'gone' });
      await engine.handlers.containers.wait({ container: gone.id, condition: 'not-running' }, context);
      await expect(containers.run(['true'], { network: 'container:gone' })).rejects.toMatchObject({
        code: 'failed-precondition',
      });
    });
  });

  describe('mounts of folders', () => {
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp('/var/tmp/longshore-settings-');
      await writeFile(join(folder, 'file'), 'from here\n');
    });
    afterAll(() => rm(folder, { recursive: true }));

    const bind = (more: object) => ({ type: 'bind' as const, source: folder, target: '/data', ...more });

    it('are read and written', async () => {
      const look = 'cat /data/file; echo back > /data/new; grep " /data " /proc/self/mountinfo';
      const seen = await containers.output(look, { mounts: [bind({})] });
      expect(seen).toMatch(/^from here\n/);
      expect(readFileSync(join(folder, 'new'), 'utf8')).toBe('back\n');
      expect(seen).not.toContain('master:');
    });

    it('are only read when they are to be', async () => {
      const seen = await containers.output('touch /data/x 2>&1', { mounts: [bind({ readOnly: true })] });
      expect(seen).toContain('Read-only file system');
    });

    it('follow mounts of the machine when they are to', async () => {
      const shared = join(folder, 'shared');
      await mkdir(shared);
      await mount('-t', 'tmpfs', 'longshore-test', shared);
      try {
        await mount('--make-shared', shared);
        const seen = await containers.output('grep " /data " /proc/self/mountinfo', {
          mounts: [bind({ source: shared, propagation: 'rslave' })],
        });
        expect(seen).toMatch(/master:\d+/);
      } finally {
        await promisify(execFile)('umount', [shared]);
      }
    });
  });

  it.each([
    { oomScoreAdj: -1000 },
    { apparmor: 'not-loaded-anywhere' },
    { devices: [{ hostPath: '/dev/not-there', containerPath: '/dev/x' }] },
    { ulimits: [{ name: 'nofile', soft: 1 << 30, hard: 1 << 30 }] },
    { mounts: [{ type: 'bind', source: '/not/there', target: '/x' }] },
    { resources: { blockIo: { readBps: [{ path: '/dev/null', rate: 1 }] } } },
  ] satisfies Settings[])(
    'what this machine cannot do is refused, and nothing is left: %j',
    async (settings) => {
      const before = await engine.handlers.containers.list({ all: true }, context);
      await expect(containers.run(['true'], settings)).rejects.toMatchObject({
        message: expect.stringMatching(/\w/) as string,
      });
      expect(await engine.handlers.containers.list({ all: true }, context)).toEqual(before);
    },
  );
});
