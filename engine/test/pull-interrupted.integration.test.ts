import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testImage, type TestImage } from '../src/testing/registry/test-image.ts';
import { TestRegistry } from '../src/testing/registry/test-registry.ts';
import type { PullProgress } from '../src/types/index.ts';
import { describeReal, ended, RealEngine } from './real-agent.ts';
import { startProgram } from './support/engine-program.ts';

const context = { signal: new AbortController().signal };
const SENT_BYTES = 2_000_000;

describeReal('a pull that is interrupted', () => {
  let registry: TestRegistry;
  let engine: RealEngine;
  let image: TestImage;
  let reference: string;

  /** The lower layer comes whole, the upper one stops after `SENT_BYTES`. */
  beforeEach(async () => {
    [registry, engine] = await Promise.all([TestRegistry.start(), RealEngine.prepare()]);
    image = await testImage({ layers: [{ small: 'lower' }, { large: randomBytes(6_000_000) }] });
    reference = registry.push('team/app', '1.0', image);
    const stall = {
      kind: 'stall',
      afterBytes: SENT_BYTES,
      until: new Promise<void>(() => undefined),
    } as const;
    registry.faults.add({ path: image.layers[1]!.digest, fault: stall });
  });

  afterEach(async () => {
    await registry[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
  });

  async function* pull(): AsyncIterable<PullProgress> {
    yield* engine.handlers.images.pull({ reference, insecure: false, background: false }, context);
  }

  async function pullToEnd(): Promise<PullProgress | undefined> {
    let last: PullProgress | undefined;
    for await (const progress of pull()) last = progress;
    return last;
  }

  /** What there may be of an image, and nothing else: two layers, four blobs, no half-done file. */
  async function expectExactlyTheImage(): Promise<void> {
    const layers = join(engine.dataDir, 'agent/layers');
    const hexDigest = /^[0-9a-f]{64}$/;
    expect((await readdir(layers)).filter((name) => hexDigest.test(name))).toHaveLength(2);
    expect(await readdir(join(layers, 'tmp'))).toEqual([]);
    expect(await readdir(join(engine.dataDir, 'engine/content/blobs/sha256'))).toHaveLength(4);
    expect(await readdir(join(engine.dataDir, 'engine/ingest'))).toEqual([]);
    expect(await readdir(join(engine.dataDir, 'engine/state/leases'))).toEqual([]);
  }

  function ranges(layer: number): readonly (string | undefined)[] {
    const { digest } = image.layers[layer]!;
    return registry.requests.filter(({ path }) => path.endsWith(digest)).map(({ headers }) => headers.range);
  }

  it('by the death of the engine goes on where it was, and fetches no layer twice', async () => {
    const child = await startProgram('pulling-engine', engine, [reference]);
    await reached(child, isHalfway);
    child.kill('SIGKILL');
    await once(child, 'exit');
    registry.faults.clear();

    await engine.start();
    expect(await pullToEnd()).toMatchObject({ stage: 'done', manifestDigest: image.manifest.digest });
    expect(ranges(0)).toEqual([undefined]);
    expect(ranges(1)).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d{5,}-$/)]);
    await expectExactlyTheImage();
  });

  it('by the death of the agent fails in plain words, and succeeds when it is tried again', async () => {
    await engine.start();
    const agent = await engine.agentPid();
    const interrupted = (async () => {
      for await (const progress of pull()) {
        if (isHalfway(progress)) process.kill(agent, 'SIGKILL');
      }
    })();
    await expect(interrupted).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The connection to the agent was lost.',
    });
    await ended(agent);
    expect(await engine.handlers.images.list({}, context)).toEqual([]);
    registry.faults.clear();

    await engine.anotherAgent(agent);
    expect(await pullToEnd()).toMatchObject({ stage: 'done', manifestDigest: image.manifest.digest });
    expect(ranges(0)).toEqual([undefined]);
    await expectExactlyTheImage();
  });
});

function isHalfway(progress: PullProgress): boolean {
  if (progress.stage !== 'pulling') return false;
  const [lower, upper] = progress.layers;
  return lower?.stage === 'done' && upper?.downloadedBytes === SENT_BYTES;
}

async function reached(child: ChildProcess, isThere: (progress: PullProgress) => boolean): Promise<void> {
  if (child.stdout === null) throw new Error('The engine has no output.');
  for await (const line of createInterface(child.stdout)) {
    if (isThere(JSON.parse(line) as PullProgress)) return;
  }
  throw new Error('The engine ended before that.');
}
