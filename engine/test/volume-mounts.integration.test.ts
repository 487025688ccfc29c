import { chmod, chown, lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tar from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../src/testing/runtime/collect.ts';
import { describeReal, ended, RealEngine } from './real-agent.ts';
import { RealContainers, type Settings } from './support/real-containers.ts';

type Mounts = NonNullable<Settings['mounts']>;
type HostileEntry = Partial<tar.Header> & { readonly name: string };

describeReal('containers with volumes', () => {
  let engine: RealEngine;
  let containers: RealContainers;
  let image: string;

  beforeAll(async () => {
    engine = await RealEngine.open();
    ({ id: image } = await engine.client.images.installStarter({ name: 'busybox' }));
    containers = new RealContainers(engine, image);
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  const output = (script: string, mounts: Mounts, more: Settings = {}): Promise<string> =>
    containers.output(script, { network: 'none', mounts, ...more });
  const volume = (source: string, target = '/data') => ({ type: 'volume', source, target }) as const;
  const dataOf = async (name: string): Promise<string> =>
    (await engine.client.volumes.inspect({ volume: name })).mountpoint;

  it('find there what others have written, after those are gone', async () => {
    await output('echo ahoy > /data/file', [volume('shared')]);
    expect(await output('cat /data/file', [volume('shared')])).toBe('ahoy\n');
    expect(await readFile(join(await dataOf('shared'), 'file'), 'utf8')).toBe('ahoy\n');
  });

  it('find what the image has there, its owners and permissions included', async () => {
    const made = await containers.run(
      [
        'sh',
        '-c',
        'mkdir /srv && echo x > /srv/a && chown 7:8 /srv /srv/a && chmod 1770 /srv && ln -s a /srv/b',
      ],
      { network: 'none' },
    );
    await engine.client.containers.wait({ container: made.id });
    const filled = await engine.client.containers.commit({ container: made.id, pause: false });
    await containers.remove(made.id);
    const others = new RealContainers(engine, filled.id);
    const look = 'stat -c "%a %u:%g" /srv /srv/a; readlink /srv/b';
    expect(await others.output(look, { network: 'none', mounts: [volume('filled', '/srv')] })).toBe(
      '1770 7:8\n644 7:8\na\n',
    );
    const noCopy = [{ ...volume('unfilled', '/srv'), noCopy: true }];
    expect(await others.output('ls /srv', { network: 'none', mounts: noCopy })).toBe('');
  });

  it('cannot write where a volume is read-only', async () => {
    const said = await output('touch /data/x', [{ ...volume('shared'), readOnly: true }]);
    expect(said).toContain('Read-only file system');
  });

  it('have a folder of a volume alone', async () => {
    await output('mkdir -p /data/a/b && echo deep > /data/a/b/file', [volume('deep')]);
    expect(await output('cat /data/file', [{ ...volume('deep'), subpath: 'a/b' }])).toBe('deep\n');
    await expect(output('true', [{ ...volume('deep'), subpath: 'a/none' }])).rejects.toThrow(
      'does not exist',
    );
  });

  it('are not led out of a volume by links that somebody put there', async () => {
    await output('ln -s / /data/root; ln -s ../../../../etc /data/up; ln -s a /data/in; mkdir /data/a', [
      volume('hostile'),
    ]);
    for (const subpath of ['root', 'root/etc', 'up']) {
      await expect(output('ls /data', [{ ...volume('hostile'), subpath }])).rejects.toThrow(/leads out of/);
    }
    expect(await output('ls /data', [{ ...volume('hostile'), subpath: 'in' }])).toBe('');
  });

  it('see their own root as the owner in a user namespace of their own', async () => {
    await output('echo x > /data/file', [volume('owned')]);
    const seen = await output('stat -c %u:%g /data /data/file; touch /data/new', [volume('owned')], {
      users: 'auto',
    });
    expect(seen).toBe('0:0\n0:0\n');
    const { uid } = await lstat(join(await dataOf('owned'), 'new'));
    expect(uid).toBe(0);
  });

  it('have volumes in the order of their places, one inside the other', async () => {
    const mounts = [volume('inner', '/data/in'), volume('outer')];
    await output('echo i > /data/in/file; echo o > /data/file', mounts);
    expect(await output('cat /data/file', [volume('inner')])).toBe('i\n');
    expect(await output('cat /data/file', [volume('outer')])).toBe('o\n');
  });

  describe('that the driver mounts', () => {
    it('share a tmpfs as long as one of them runs, and no longer', async () => {
      const options = { type: 'tmpfs', device: 'tmpfs', o: 'size=1m' };
      await engine.client.volumes.create({ name: 'fleeting', options });
      const first = await containers.run(['sh', '-c', 'echo x > /data/file; exec sleep 1000'], {
        network: 'none',
        mounts: [volume('fleeting')],
      });
      const wait =
        'until [ -e /data/file ]; do :; done; df -k /data | tail -n 1 | tr -s " " | cut -d " " -f 2';
      expect(await output(wait, [volume('fleeting')])).toBe('1024\n');
      const mounts = async () =>
        (await readFile('/proc/self/mountinfo', 'utf8')).includes(
          join(engine.dataDir, 'agent/volumes/fleeting'),
        );
      expect(await mounts()).toBe(true);
      await containers.remove(first.id);
      await expect.poll(mounts).toBe(false);
      expect(await output('ls /data', [volume('fleeting')])).toBe('');
    });

    it('have a folder of the machine, which a removal of the volume leaves alone', async () => {
      const folder = await mkdtemp('/var/tmp/longshore-bind-');
      await writeFile(join(folder, 'theirs'), 'kept');
      const options = { type: 'none', device: folder, o: 'bind' };
      await engine.client.volumes.create({ name: 'bound', options });
      expect(await output('cat /data/theirs; echo x > /data/ours', [volume('bound')])).toBe('kept');
      await engine.client.volumes.remove({ volume: 'bound', permanently: true });
      expect(await readFile(join(folder, 'theirs'), 'utf8')).toBe('kept');
      expect(await readFile(join(folder, 'ours'), 'utf8')).toBe('x\n');
      await rm(folder, { recursive: true });
    });

    it('cannot start when that is not there, and say what was to be mounted', async () => {
      const options = { type: 'none', device: '/no/such/place', o: 'bind' };
      await engine.client.volumes.create({ name: 'missing', options });
      await expect(output('true', [volume('missing')])).rejects.toThrow('/no/such/place');
      await engine.client.volumes.remove({ volume: 'missing' });
    });
  });

  it('keep their volumes when the agent is killed and another takes over', async () => {
    const { id } = await containers.run(['sh', '-c', 'while :; do date +%s > /data/now; done'], {
      network: 'none',
      mounts: [volume('lasting')],
    });
    const pid = await engine.agentPid();
    process.kill(pid, 'SIGKILL');
    await ended(pid);
    await engine.anotherAgent(pid);
    await expect(engine.client.volumes.empty({ volume: 'lasting' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await containers.remove(id);
    const { trashId } = await engine.client.volumes.empty({ volume: 'lasting' });
    expect(trashId).not.toBeNull();
  });

  describe('whose archives are hostile', () => {
    const importOf = async (name: string, entries: readonly HostileEntry[]): Promise<void> => {
      const pack = tar.pack();
      for (const header of entries) pack.entry({ ...header }, header.type === 'file' ? 'x' : '');
      pack.finalize();
      const call = engine.client.volumes.import({ name });
      const bring = async (): Promise<void> => {
        for await (const piece of pack as AsyncIterable<Uint8Array>) await call.send(new Uint8Array(piece));
        call.end();
      };
      bring().catch(() => undefined);
      for await (const _ of call);
    };
    const names = async (): Promise<readonly string[]> =>
      (await engine.client.volumes.list({})).map(({ name }) => name);

    it.each([
      ['a name that climbs out', [{ name: '../../escaped', type: 'file' }]],
      ['a device', [{ name: 'disk', type: 'block-device', devmajor: 8, devminor: 0 }]],
      [
        'a hard link to a file outside',
        [{ name: 'shadow', type: 'link', linkname: '../../../../etc/shadow' }],
      ],
      ['a hard link to an absolute path', [{ name: 'shadow', type: 'link', linkname: '/etc/shadow' }]],
    ] as const)('make no volume of %s', async (_, entries) => {
      await expect(importOf('bad', entries)).rejects.toThrow();
      expect(await names()).not.toContain('bad');
      await expect(lstat(join(engine.dataDir, 'agent/escaped'))).rejects.toMatchObject({ code: 'ENOENT' });
    });

    it('write through no link to somewhere else', async () => {
      const outside = await mkdtemp('/var/tmp/longshore-outside-');
      await importOf('linked', [
        { name: 'out', type: 'symlink', linkname: outside },
        { name: 'out/file', type: 'file' },
      ]).catch(() => undefined);
      await expect(lstat(join(outside, 'file'))).rejects.toMatchObject({ code: 'ENOENT' });
      await rm(outside, { recursive: true });
    });

    it('are not volumes by names that lead elsewhere', async () => {
      for (const name of ['../x', '.trash', 'a/b', '.', '']) {
        await expect(engine.client.volumes.create({ name })).rejects.toMatchObject({
          code: 'invalid-argument',
        });
        await expect(engine.client.volumes.remove({ volume: `${name} ` })).rejects.toThrow();
      }
    });

    it('show of a link in a volume only the link', async () => {
      await output('ln -s /etc/shadow /data/link; ln -s /etc /data/folder', [volume('links')]);
      const data = await dataOf('links');
      expect((await lstat(join(data, 'link'))).isSymbolicLink()).toBe(true);
      const listed = collect(engine.client.volumes.listDirectory({ volume: 'links', path: '/folder' }));
      await expect(listed).rejects.toMatchObject({ code: 'not-found' });
      await expect(
        engine.client.volumes.makeDirectory({ volume: 'links', path: '/folder/new' }),
      ).rejects.toMatchObject({ code: 'not-found' });
    });
  });

  it('leave alone what a link in the folder of a removed volume leads to', async () => {
    const outside = await mkdtemp('/var/tmp/longshore-outside-');
    await mkdir(join(outside, 'below'));
    await writeFile(join(outside, 'below/file'), 'kept');
    await chmod(outside, 0o755);
    await chown(outside, 0, 0);
    await engine.client.volumes.create({ name: 'leading' });
    await symlink(outside, join(await dataOf('leading'), 'out'));
    await engine.client.volumes.remove({ volume: 'leading', permanently: true });
    expect(await readFile(join(outside, 'below/file'), 'utf8')).toBe('kept');
    await rm(outside, { recursive: true });
  });
});
