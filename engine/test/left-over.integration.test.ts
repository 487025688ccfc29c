import { mkdtemp, rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { collect } from '../src/testing/runtime/collect.ts';
import { describeReal, RealEngine } from './real-agent.ts';
import { RealContainers, type Settings } from './support/real-containers.ts';
import { SETTINGS } from './support/settings-table.ts';
import { TraceLister, type Traces } from './support/traces.ts';

/** Of what has gone the kernel and the agent take the last away in the background. */
const patience = { timeout: 30_000 };

describeReal('what removed containers leave on the machine', () => {
  let engine: RealEngine;
  let containers: RealContainers;
  let folder: string;
  let lister: TraceLister;
  let before: Traces;
  let ids: string[];

  beforeEach(async () => {
    engine = await RealEngine.open();
    folder = await mkdtemp('/var/tmp/longshore-left-');
    const { id } = await engine.client.images.installStarter({ name: 'busybox' });
    containers = new RealContainers(engine, id);
    // The default bridge is made for the first container, and stays.
    const first = await containers.run(['sleep', '1000']);
    ids = [first.id];
    const [, gateway = ''] = /default via (\S+)/.exec(await containers.output('ip route')) ?? [];
    lister = await TraceLister.of(engine, gateway);
    // So is the folder that stands for an empty layer, for the first look at an image.
    await collect(engine.client.containers.export({ container: first.id }));
    await containers.remove(first.id);
    await expect.poll(async () => (await list()).links, patience).toHaveLength(1);
    before = await list();
  });
  afterEach(async () => {
    await engine[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const list = () => lister.list(ids, ['longshore-settings', folder]);

  async function run(command: readonly string[], settings: Settings = {}): Promise<string> {
    const { id } = await containers.run(command, settings);
    ids.push(id);
    return id;
  }

  const removeAll = () => Promise.all(ids.slice(1).map((id) => containers.remove(id)));

  it('is nothing, whatever their settings', async () => {
    const rows = SETTINGS.flatMap(([, more]) => more);
    for (const { settings, look } of rows) await run(['sh', '-c', `${look}; exec sleep 1000`], settings);
    const bind = { type: 'bind', source: folder, target: '/data' } as const;
    await run(['sleep', '1000'], { name: 'peer', ipc: 'shareable', mounts: [bind], tty: true });
    const shared = 'container:peer' as const;
    await run(['sleep', '1000'], { network: shared, ipc: shared, pid: shared });
    const during = await list();
    expect(during.cgroups.length).toBeGreaterThan(rows.length);
    expect(during.processes.length).toBeGreaterThan(2 * rows.length);
    expect(during.links.length).toBeGreaterThan(rows.length / 2);
    await removeAll();
    await expect.poll(list, patience).toEqual(before);
  });

  it('is nothing after failed starts, restarts, pauses, execs and copies', async () => {
    const nonsense = run(['nonsense']);
    await expect(nonsense).rejects.toMatchObject({ detail: { step: 'exec' } });
    const created = await engine.client.containers.list({});
    ids.push(...created.map(({ id }) => id));
    await run(['false'], { restart: { name: 'always' } });
    const paused = await run(['sleep', '1000']);
    await engine.client.containers.pause({ container: paused });
    const busy = await run(['sleep', '1000'], {
      healthcheck: { command: ['sleep', '1000'], intervalMs: 10 },
    });
    const sleeping = { container: busy, command: ['sleep', '1000'], privileged: true };
    await collect(engine.client.containers.exec({ ...sleeping, tty: true, detach: true }));
    for await (const _ of engine.client.containers.export({ container: busy })) break;
    for await (const _ of engine.client.containers.readArchive({ container: paused, path: '/bin' })) break;
    await removeAll();
    await expect.poll(list, patience).toEqual(before);
  });

  it('is seen by this test', async () => {
    const id = await run(['sleep', '1000']);
    const kinds = (await list()) as Readonly<Record<keyof Traces, readonly string[]>>;
    for (const kind of ['cgroups', 'links', 'processes', 'descriptors', 'files'] as const) {
      expect(kinds[kind].length, kind).toBeGreaterThan(before[kind].length);
    }
    await containers.remove(id);
    await expect.poll(list, patience).toEqual(before);
  });
});
