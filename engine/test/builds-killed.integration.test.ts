import { randomInt } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeReal, ended, RealEngine } from './real-agent.ts';
import { KillableEngine } from './support/killable-engine.ts';
import { ContextFolder, runBuild } from './support/real-builds.ts';

type End = 'engine' | 'agent' | 'both' | 'client' | 'cancel';
const ENDS: readonly End[] = ['engine', 'agent', 'both', 'client', 'cancel'];

/** Each takes some seconds; LONGSHORE_KILLS=100 for a thorough run. */
const ROUNDS = Number(process.env['LONGSHORE_KILLS'] ?? 20);
const patience = { timeout: 120_000 };
/** Ids of builds' containers begin with it. */
const WORK = 'b01db01db01db01d';

/** Steps of every kind, two branches side by side, mounts and a secret. */
const dockerfile = (round: number): string => `
FROM busybox AS left
WORKDIR /left/${round}
COPY . .
RUN --mount=type=cache,id=killed,target=/c --mount=type=secret,id=s dd if=/dev/zero of=data bs=64k count=32 2>&1 && cp data /c/${round}
FROM busybox AS right
RUN --mount=target=/context cat /context/file > /file && mkdir -p /d/${round} && ln -s /file /d/link
FROM busybox
COPY --from=left /left /left
COPY --from=right /file /d /right/
RUN cat /left/${round}/file && echo ${round} > /done
`;

describeReal(`a build that is ended at ${ROUNDS} random moments`, () => {
  let folders: RealEngine;
  let engine: KillableEngine;
  let context: ContextFolder;
  /** Of a build that nobody disturbs. */
  let wholeBuildMs = 0;

  beforeAll(async () => {
    [folders, context] = await Promise.all([RealEngine.prepare(), ContextFolder.create()]);
    engine = new KillableEngine(folders);
    await engine.start();
    await engine.client.images.installStarter({ name: 'busybox' });
    await context.write('file', 'content');
    const began = performance.now();
    expect((await build(0)).error).toBeNull();
    wholeBuildMs = performance.now() - began;
  }, patience.timeout);

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await folders[Symbol.asyncDispose]();
    await context[Symbol.asyncDispose]();
  }, patience.timeout);

  const request = (round: number) => ({
    context: { kind: 'folder', path: context.path } as const,
    dockerfileText: dockerfile(round),
    tags: [`killed:${round}`],
    secrets: { s: Buffer.from('secret') },
  });
  const build = (round: number) => runBuild(engine, request(round));

  async function agentPid(): Promise<number | null> {
    const { agent } = await engine.client.system.info({});
    return agent.status === 'running' ? agent.pid : null;
  }

  async function killAgent(): Promise<void> {
    const pid = (await agentPid()) ?? 0;
    process.kill(pid, 'SIGKILL');
    await ended(pid);
  }

  async function end(how: End, leave: AbortController): Promise<void> {
    if (how === 'client') leave.abort();
    if (how === 'cancel') {
      const [latest] = await engine.client.builds.list({});
      if (latest?.status === 'running') await engine.client.builds.cancel({ build: latest.id });
    }
    if (how === 'agent' || how === 'both') await killAgent();
    if (how === 'engine' || how === 'both') {
      await engine.kill();
      await engine.start();
    }
    await vi.waitUntil(async () => (await agentPid()) !== null, patience);
  }

  /** Runs until it ends, or the caller leaves, or the engine dies under it. */
  async function begin(round: number, leave: AbortSignal): Promise<void> {
    const running = engine.client.builds.build(request(round), { signal: leave });
    running.end();
    for await (const _ of running);
  }

  const inside = (path: string): Promise<string[]> => readdir(join(folders.dataDir, path)).catch(() => []);

  /** What builds have made for their own work. */
  async function leftOver(): Promise<readonly string[]> {
    const containers = (await inside('agent/containers')).filter((id) => id.startsWith(WORK));
    const secrets = await inside('run/build-secrets');
    const unpacking = await inside('agent/layers/tmp');
    const running = (await engine.client.builds.list({})).filter(({ status }) => status === 'running');
    return [...containers, ...secrets, ...unpacking, ...running.map(({ id }) => id)];
  }

  it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
    'round %i leaves nothing, and the same build then succeeds',
    async (round) => {
      const how = ENDS[round % ENDS.length] ?? 'both';
      const leave = new AbortController();
      const killed = begin(round, leave.signal).catch((thrown: unknown) => thrown);
      await delay(randomInt(Math.ceil(wholeBuildMs * 1.1)));
      await end(how, leave);
      await killed;
      await vi
        .waitUntil(async () => (await leftOver()).length === 0, patience)
        .catch(async () => {
          expect(await leftOver(), `after the end by ${how}`).toEqual([]);
        });

      const { error } = await build(round);
      expect(error).toBeNull();
      const image = `killed:${round}`;
      const said = await engine.client.containers.run({ image, command: ['cat', '/done'], network: 'none' });
      expect(await engine.client.containers.wait({ container: said.id })).toMatchObject({ code: 0 });
      await engine.client.containers.remove({ container: said.id, force: true });
      await engine.client.images.remove({ image });
    },
    patience.timeout,
  );

  it('and everything goes when the cache is pruned: no layer is left that nobody knows', async () => {
    await engine.client.images.remove({ image: 'killed:0' });
    await engine.client.builds.pruneCache({ all: true });
    await engine.client.images.prune({ all: true });
    const { entries } = await engine.client.builds.cacheUsage({});
    expect(entries).toEqual([]);
    const layers = await inside('agent/layers');
    expect(layers.filter((name) => /^[0-9a-f]{64}$/.test(name))).toEqual([]);
  });
});
