import { randomBytes, randomInt } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { digestHex } from '../src/oci/index.ts';
import { testImage, type TestImage } from '../src/testing/registry/test-image.ts';
import { TestRegistry } from '../src/testing/registry/test-registry.ts';
import type { PullProgress } from '../src/types/index.ts';
import { describeReal, ended, RealEngine } from './real-agent.ts';
import { KillableEngine } from './support/killable-engine.ts';

type Victim = 'engine' | 'agent' | 'registry' | 'all';
const VICTIMS: readonly Victim[] = ['engine', 'agent', 'registry', 'all'];

/** Each takes some seconds; LONGSHORE_KILLS=100 for a thorough run. */
const ROUNDS = Number(process.env['LONGSHORE_KILLS'] ?? 30);
const LAYER_BYTES = 500_000;
/** So slow that a pull takes a second: time to be killed in. */
const BYTES_PER_SECOND = 2_000_000;
const patience = { timeout: 60_000 };

describeReal(`a pull that is killed at ${ROUNDS} random moments`, () => {
  let registry: TestRegistry;
  let folders: RealEngine;
  let engine: KillableEngine;
  /** Of a pull that nobody disturbs. */
  let wholePullMs = 0;

  beforeAll(async () => {
    [registry, folders] = await Promise.all([TestRegistry.start(), RealEngine.prepare()]);
    engine = new KillableEngine(folders);
    await engine.start();
    const downloads = { concurrency: 2, bytesPerSecond: BYTES_PER_SECOND };
    await engine.client.registries.saveSettings({ downloads });
    const { reference } = await push(0);
    const began = performance.now();
    await pullToEnd(reference);
    wholePullMs = performance.now() - began;
  }, patience.timeout);

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await folders[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  }, patience.timeout);

  const content = (): string => join(folders.dataDir, 'engine/content/blobs/sha256');
  const partial = (hex: string): string => join(folders.dataDir, 'engine/ingest', `${hex}.part`);

  async function push(round: number): Promise<{ reference: string; image: TestImage }> {
    const layers = [
      { tiny: String(round) },
      { a: randomBytes(LAYER_BYTES) },
      { b: randomBytes(LAYER_BYTES) },
    ];
    const image = await testImage({ layers });
    return { reference: registry.push('team/app', `r${round}`, image), image };
  }

  async function pullToEnd(reference: string): Promise<PullProgress | undefined> {
    let last: PullProgress | undefined;
    for await (const progress of engine.client.images.pull({ reference })) last = progress;
    return last;
  }

  async function agentPid(): Promise<number | null> {
    const { agent } = await engine.client.system.info({});
    return agent.status === 'running' ? agent.pid : null;
  }

  /** All of them at once, and those that died are started again. */
  async function killAndRevive(victim: Victim): Promise<void> {
    const agent = (await agentPid()) ?? 0;
    const includes = (one: Victim): boolean => victim === one || victim === 'all';
    if (includes('registry')) await registry.die();
    if (includes('engine')) await engine.kill();
    if (includes('agent')) {
      process.kill(agent, 'SIGKILL');
      await ended(agent);
    }
    if (includes('registry')) await registry.revive();
  }

  async function reviveEngine(victim: Victim): Promise<void> {
    if (victim === 'engine' || victim === 'all') await engine.start();
    await vi.waitUntil(async () => (await agentPid()) !== null, patience);
  }

  /** Layers that are stored and verified, and how much there is of the others. */
  async function kept({ layers }: TestImage): Promise<ReadonlyMap<string, number>> {
    const blobs = new Set(await readdir(content()));
    const bytes = new Map<string, number>();
    for (const { digest, size } of layers) {
      const part = await stat(partial(digestHex(digest))).catch(() => null);
      bytes.set(digest, blobs.has(digestHex(digest)) ? size : (part?.size ?? 0));
    }
    return bytes;
  }

  /** What was asked for of each layer since `from`: where each request began. */
  function askedSince(from: number, digest: string): readonly number[] {
    return registry.requests
      .slice(from)
      .filter(({ path }) => path.endsWith(`/blobs/${digest}`))
      .map(({ headers }) => Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0));
  }

  it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
    'round %i ends complete, and fetches nothing again that was there',
    async (round) => {
      const victim = VICTIMS[round % VICTIMS.length] ?? 'all';
      const { reference, image } = await push(round);
      const killed = pullToEnd(reference).catch((thrown: unknown) => thrown);
      await delay(randomInt(Math.ceil(wholePullMs * 1.1)));
      await killAndRevive(victim);
      // A registry that comes back is waited for: the pull goes on by itself.
      if (victim !== 'engine' && victim !== 'all') await killed;
      const before = await kept(image);
      const from = registry.requests.length;
      await reviveEngine(victim);

      expect(await pullToEnd(reference)).toMatchObject({ manifestDigest: image.manifest.digest });
      for (const { digest, size } of image.layers) {
        const here = before.get(digest) ?? 0;
        const asked = askedSince(from, digest);
        if (here === size) expect(asked, `${digest} was there`).toEqual([]);
        else expect(asked, `${digest} was there up to ${here}`).toEqual([here]);
      }
      const expected = [image.manifest, image.config, ...image.layers].map(({ digest }) => digestHex(digest));
      expect(await readdir(content())).toEqual(expect.arrayContaining(expected));
      expect(await readdir(join(folders.dataDir, 'engine/ingest'))).toEqual([]);
      expect(await readdir(join(folders.dataDir, 'agent/layers/tmp'))).toEqual([]);
      expect(await engine.client.images.pulls({})).toEqual([]);
      await engine.client.images.remove({ image: reference });
    },
    patience.timeout,
  );
});
