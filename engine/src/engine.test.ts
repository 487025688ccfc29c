import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { channelPair, contract, createClient, type EngineClient, serve } from './contract/index.ts';
import { createEngine, type Engine } from './engine.ts';
import { MemorySnapshotter } from './testing/index.ts';
import { FakeAgent, FakeBuildHost, FakeFiles, FakeRuntime } from './testing/runtime/index.ts';
import { FakeVolumeStore } from './testing/volumes/index.ts';

let data: string;
let runtime: FakeRuntime;
let engine: Engine;
let client: EngineClient;

function open(agent = new FakeAgent()): Promise<Engine> {
  const [files, snapshotter] = [new FakeFiles(), new MemorySnapshotter()];
  return createEngine({
    dataDir: data,
    runDir: join(data, 'run'),
    agent: {
      ...{ agent, runtime, files, snapshotter },
      networkHost: runtime.networks,
      volumeStore: new FakeVolumeStore(),
      buildHost: new FakeBuildHost(files, snapshotter),
    },
  });
}

function connect(): EngineClient {
  const [caller, handler] = channelPair();
  serve(contract, engine.handlers, handler);
  return createClient(contract, caller);
}

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'longshore-engine-'));
  runtime = new FakeRuntime();
  engine = await open();
  client = connect();
});
afterEach(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(data, { recursive: true, force: true });
});

describe('the engine through its door', () => {
  it('makes an image, runs a container of it, and shows both', async () => {
    const image = await client.images.installStarter({ name: 'busybox' });
    const { id, state } = await client.containers.run({ image: image.id, command: ['echo', 'ahoy'] });
    expect(state.startedAt).not.toBeNull();
    await expect(client.containers.wait({ container: id })).resolves.toMatchObject({ code: 0 });

    const [summary] = await client.containers.list({});
    expect(summary).toMatchObject({ id, image: { id: image.id }, state: { status: 'exited' } });
    const lines: string[] = [];
    for await (const { records } of client.containers.logs({ container: id })) {
      for (const { data: bytes } of records) lines.push(new TextDecoder().decode(bytes));
    }
    expect(lines).toEqual(['ahoy\n']);
    expect(await client.system.info({})).toMatchObject({
      agent: { status: 'running' },
      counts: { containers: 1, running: 0, images: 1 },
    });
  });

  it('keeps an image that a container uses', async () => {
    const image = await client.images.installStarter({ name: 'busybox' });
    const { id } = await client.containers.create({ image: image.id, command: ['true'] });
    const [reference = ''] = image.references;
    await expect(client.images.remove({ image: reference })).rejects.toMatchObject({ code: 'conflict' });
    await client.containers.remove({ container: id });
    await expect(client.images.remove({ image: reference })).resolves.toMatchObject({ deleted: [image.id] });
  });

  it('carries a terminal both ways', async () => {
    const image = await client.images.installStarter({ name: 'busybox' });
    const { id } = await client.containers.run({ image: image.id, command: ['sleep', '1000'] });
    const call = client.containers.exec({ container: id, command: ['cat'], openStdin: true });
    await call.send({ kind: 'stdin', data: new TextEncoder().encode('there and back') });
    call.end();
    let text = '';
    const kinds: string[] = [];
    for await (const output of call) {
      kinds.push(output.kind);
      if (output.kind === 'stdout') text += new TextDecoder().decode(output.data);
    }
    expect(text).toBe('there and back');
    expect(kinds).toEqual(['ready', 'stdout', 'exited']);
    await client.containers.remove({ container: id, force: true });
  });

  it('is the only one on its data', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'conflict' });
  });

  it('has all again after a restart', async () => {
    const image = await client.images.installStarter({ name: 'busybox' });
    const before = await client.containers.run({ image: image.id, command: ['sleep', '1000'] });
    const { engineId } = await client.system.info({});
    await engine[Symbol.asyncDispose]();
    engine = await open();
    client = connect();
    expect(await client.containers.inspect({ container: before.name })).toEqual(before);
    expect(await client.system.info({})).toMatchObject({ engineId, counts: { running: 1, images: 1 } });
  });

  it('tells whoever watches that the agent came or went', async () => {
    const agent = new FakeAgent();
    await engine[Symbol.asyncDispose]();
    engine = await open(agent);
    const events = engine.handlers.events.watch(
      { types: ['engine'] },
      { signal: new AbortController().signal },
    );
    const first = events[Symbol.asyncIterator]().next();
    agent.setState({ status: 'starting', step: 'reconnect' });
    await expect(first).resolves.toMatchObject({ value: { type: 'engine', action: 'state' } });
  });
});
