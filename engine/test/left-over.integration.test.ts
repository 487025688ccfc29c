import { mkdtemp, rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { collect } from '../src/testing/runtime/collect.ts';
import { describeReal, RealEngine } from './real-agent.ts';
import { RealContainers, type Settings } from './support/real-containers.ts';
import { SETTINGS } from './support/settings-table.ts';
import { TraceLister, type Traces } from './support/traces.ts';

const context = { signal: new AbortController().signal };
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
    const { id } = await engine.handlers.images.installStarter({ name: 'busybox' }, context);
    containers = new RealContainers(engine, id);
    // The default bridge is made for the first container, and stays.
    const first = await containers.run(['sleep', '1000']);
    ids = [first.id];
    const [, gateway = ''] = /default via (\S+)/.exec(await containers.output('ip route')) ?? [];
    lister = await TraceLister.of(engine, gateway);
    // So is the folder that stands for an empty layer, for the first look at an image.
    await collect(engine.handlers.containers.export({ container: first.id }, context));
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
    const { handlers } = engine;
    const nonsense = run(['nonsense']);
    await expect(nonsense).rejects.toMatchObject({ detail: { step: 'exec' } });
    const created = await handlers.containers.list({ all: true }, context);
    ids.push(...created.map(({ id }) => id));
    await run(['false'], { restart: { name: 'always' } });
    const paused = await run(['sleep', '1000']);
    await handlers.containers.pause({ container: paused }, context);
    const busy = await run(['sleep', '1000'], {
      healthcheck: { command: ['sleep', '1000'], intervalMs: 10 },
    });
    const input = { container: busy, command: ['sleep', '1000'], env: [], tty: true, detach: true };
    const none = (async function* () {
      // No input.
    })();
    const detached = handlers.containers.exec(
      { ...input, openStdin: false, privileged: true },
      none,
      context,
    );
    for await (const _ of detached) break;
    for await (const _ of handlers.containers.export({ container: busy }, context)) break;
    const place = { container: paused, path: '/bin' };
    for await (const _ of handlers.containers.readArchive(place, context)) break;
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
