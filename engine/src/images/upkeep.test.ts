import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../errors/index.ts';
import type { Snapshot } from '../snapshots/index.ts';
import { ImagesBench } from '../testing/images/images-bench.ts';
import { stored, testImage, type TestImage } from '../testing/registry/test-image.ts';
import { TestRegistry } from '../testing/registry/test-registry.ts';
import { MemorySnapshotter } from '../testing/snapshotter/memory-snapshotter.ts';

/** Answers `list` when the test lets it. */
class GatedSnapshotter extends MemorySnapshotter {
  gate: Promise<void> = Promise.resolve();
  lists = 0;

  override async list(): Promise<readonly Snapshot[]> {
    this.lists++;
    await this.gate;
    return super.list();
  }
}

let bench: ImagesBench<GatedSnapshotter>;
let registry: TestRegistry;
let app: TestImage;
let appName: string;

const ready = (): Promise<void> => Promise.resolve();
const garbage = stored('text/plain', Buffer.from('nobody needs this'));

beforeEach(async () => {
  registry = await TestRegistry.start();
  bench = await ImagesBench.open({ snapshotter: new GatedSnapshotter() });
  app = await testImage({ layers: [{ base: 'base' }, { app: 'app' }] });
  appName = registry.push('app', '1', app);
});

afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

const blobs = (): Promise<readonly string[]> =>
  readdir(join(bench.folder.contentDirectory, 'blobs', 'sha256'));

function use(image: TestImage): void {
  bench.users.set(image.config.digest, [{ id: 'c1', name: 'web', running: false }]);
}

/** Closes the gate of the layers; the answer opens it. */
function shutGate(): () => void {
  let open = (): void => undefined;
  bench.snapshotter.gate = new Promise((resolve) => (open = resolve));
  return open;
}

describe('at the start of the engine', () => {
  it('what no image needs is deleted once the agent is there, and not before', async () => {
    await bench.pull(appName);
    await bench.content.put(garbage, garbage.bytes);
    let agentComes = (): void => undefined;
    const agent = new Promise<void>((resolve) => (agentComes = resolve));
    bench.images.beginUpkeep(() => agent);
    expect(await bench.images.list()).toHaveLength(1);
    expect(await bench.content.has(garbage)).toBe(true);
    agentComes();
    await vi.waitFor(async () => expect(await bench.content.has(garbage)).toBe(false));
    expect(await blobs()).toHaveLength(4);
    expect(bench.reports).toEqual([]);
  });

  it('an engine that closes first waits for no agent', async () => {
    let seen: AbortSignal | undefined;
    bench.images.beginUpkeep((signal) => {
      seen = signal;
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    });
    await bench.close();
    expect(seen?.aborted).toBe(true);
    expect(bench.reports).toEqual([]);
  });

  it('a failure is told once', async () => {
    bench.images.beginUpkeep(() => Promise.reject(new EngineError('unavailable', 'no agent')));
    await vi.waitFor(() => expect(bench.reports).toEqual(['The images could not be tidied up.']));
  });
});

describe('a collection', () => {
  it('deletes nothing when the agent cannot say what there is', async () => {
    await bench.content.put(garbage, garbage.bytes);
    bench.snapshotter.gate = Promise.reject(new EngineError('unavailable', 'no agent'));
    await expect(bench.images.collectGarbage()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await bench.content.has(garbage)).toBe(true);
  });

  it('takes nothing from a pull that begins in the middle of it', async () => {
    const open = shutGate();
    const collecting = bench.images.collectGarbage();
    await vi.waitFor(() => expect(bench.snapshotter.lists).toBe(1));
    const pulling = bench.pull(appName);
    await vi.waitFor(() => expect(registry.count(app.config.digest)).toBe(1));
    open();
    await Promise.all([collecting, pulling]);
    expect(await blobs()).toHaveLength(4);
    expect((await bench.images.resolve(appName)).chainIds).toHaveLength(2);
  });

  it('holds no pull up that is cancelled', async () => {
    const open = shutGate();
    const collecting = bench.images.collectGarbage();
    const abort = new AbortController();
    const pulling = bench.pull(appName, { signal: abort.signal });
    await vi.waitFor(() => expect(registry.count(app.config.digest)).toBe(1));
    abort.abort();
    await expect(pulling).rejects.toMatchObject({ code: 'cancelled' });
    open();
    await collecting;
  });

  it('ends with the engine', async () => {
    await bench.content.put(garbage, garbage.bytes);
    const open = shutGate();
    const collecting = bench.images.collectGarbage();
    await vi.waitFor(() => expect(bench.snapshotter.lists).toBe(1));
    const closing = bench.close();
    open();
    await expect(collecting).rejects.toMatchObject({ code: 'cancelled' });
    await closing;
    expect(await bench.content.has(garbage)).toBe(true);
  });
});

describe('an image whose names were taken by force', () => {
  beforeEach(async () => {
    await bench.pull(appName);
    use(app);
    await bench.images.remove({ image: appName, force: true });
  });

  it('goes with the last of its containers, and all that only it needed', async () => {
    bench.images.released(app.config.digest);
    expect(await bench.images.list()).toHaveLength(1);
    bench.users.clear();
    bench.images.released(app.config.digest);
    await vi.waitFor(async () => expect(await bench.snapshotter.list()).toEqual([]));
    expect(await bench.images.list()).toEqual([]);
    expect(await blobs()).toEqual([]);
  });

  it('goes at the next start when the engine ended before', async () => {
    bench.users.clear();
    await bench.restart();
    expect(await bench.images.list()).toHaveLength(1);
    bench.images.beginUpkeep(ready);
    await vi.waitFor(async () => expect(await bench.images.list()).toEqual([]));
  });

  it.each([
    ['tagged', () => bench.images.tag({ image: app.config.digest, reference: 'mine' })],
    ['pulled', () => bench.pull(appName)],
  ])('stays when it is %s again', async (_, again) => {
    await again();
    bench.users.clear();
    bench.images.released(app.config.digest);
    await bench.images.collectGarbage();
    expect(await bench.images.list()).toHaveLength(1);
  });
});

it('an image that lost its name to another one stays, as with Docker, when its last container goes', async () => {
  await bench.pull(appName);
  registry.push('app', '1', await testImage({ layers: [{ base: 'newer' }] }));
  await bench.pull(appName);
  bench.images.released(app.config.digest);
  await bench.images.collectGarbage();
  expect((await bench.images.inspect({ image: app.config.digest })).references).toEqual([]);
});
