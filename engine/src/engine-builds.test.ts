import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type BuildRequestInput,
  channelPair,
  contract,
  createClient,
  type EngineClient,
  serve,
} from './contract/index.ts';
import { createEngine, type Engine } from './engine.ts';
import { MemorySnapshotter } from './testing/index.ts';
import { FakeAgent, FakeBuildHost, FakeFiles, FakeRuntime } from './testing/runtime/index.ts';
import { FakeVolumeStore } from './testing/volumes/index.ts';
import type { BuildEvent } from './types/index.ts';

let data: string;
let context: string;
let runtime: FakeRuntime;
let files: FakeFiles;
let host: FakeBuildHost;
let engine: Engine;
let client: EngineClient;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'longshore-builds-'));
  context = await mkdtemp(join(tmpdir(), 'longshore-context-'));
  const snapshotter = new MemorySnapshotter();
  runtime = new FakeRuntime();
  files = new FakeFiles();
  host = new FakeBuildHost(files, snapshotter);
  engine = await createEngine({
    dataDir: data,
    runDir: join(data, 'run'),
    agent: {
      ...{ agent: new FakeAgent(), runtime, files, snapshotter, buildHost: host },
      networkHost: runtime.networks,
      volumeStore: new FakeVolumeStore(),
    },
  });
  const [caller, handler] = channelPair();
  serve(contract, engine.handlers, handler);
  client = createClient(contract, caller);
  await client.images.installStarter({ name: 'busybox' });
});
afterEach(async () => {
  await engine[Symbol.asyncDispose]();
  await Promise.all([data, context].map((folder) => rm(folder, { recursive: true })));
});

async function build(dockerfileText: string, more: Partial<BuildRequestInput> = {}): Promise<BuildEvent[]> {
  const call = client.builds.build({ context: { kind: 'folder', path: context }, dockerfileText, ...more });
  call.end();
  const events: BuildEvent[] = [];
  for await (const event of call) events.push(event);
  return events;
}

/** How its steps ended, as the file has them. */
function statesOf(events: readonly BuildEvent[]): readonly string[] {
  const ended = events.flatMap((event) => (event.type === 'step-ended' ? [event] : []));
  return ended.sort((a, b) => a.step - b.step).map(({ state }) => state);
}

/** What is in the image's root, by the last layer that was committed. */
function text(path: string): string | undefined {
  const [chainId = ''] = [...files.roots.keys()].slice(-1);
  return files.roots.get(chainId)?.nodes.get(path)?.content.toString();
}

describe('a build', () => {
  it('is planned, done step by step, and ends with its image', async () => {
    await writeFile(join(context, 'f'), 'content');
    const events = await build('FROM busybox\nCOPY f /to/\nENV A=1', { tags: ['x'] });
    expect(events.map(({ type }) => type)).toEqual([
      ...['started', 'planned', 'step-ended', 'step-started', 'step-ended', 'output', 'ended'],
    ]);
    expect(text('/to/f')).toBe('content');
    expect((await client.images.inspect({ image: 'x' })).config.env).toContain('A=1');
  });

  it('runs commands in a container of its own, which goes again', async () => {
    const events = await build('FROM busybox\nRUN echo ahoy');
    expect(runtime.runs).toMatchObject([{ spec: { process: { args: ['/bin/sh', '-c', 'echo ahoy'] } } }]);
    const log = events.flatMap((event) => (event.type === 'step-log' ? [event.data] : []));
    expect(Buffer.concat(log).toString()).toBe('ahoy\n');
    expect((await runtime.list()).containers).toEqual([]);
  });

  it('takes what has not changed from the cache', async () => {
    await writeFile(join(context, 'f'), 'one');
    const dockerfile = 'FROM busybox\nRUN echo first\nCOPY f /\nRUN echo last';
    expect(statesOf(await build(dockerfile))).toEqual(['cached', 'done', 'done', 'done']);
    expect(statesOf(await build(dockerfile))).toEqual(['cached', 'cached', 'cached', 'cached']);
    await writeFile(join(context, 'f'), 'two');
    expect(statesOf(await build(dockerfile))).toEqual(['cached', 'cached', 'done', 'done']);
  });

  it('does not build stages that nothing needs', async () => {
    await build('FROM busybox AS unneeded\nRUN exit 1\nFROM busybox\nRUN echo needed');
    expect(host.commits).toHaveLength(1);
  });

  it('does stages side by side', async () => {
    let meet: () => void = () => undefined;
    const meeting = new Promise<void>((resolve) => (meet = resolve));
    let running = 0;
    runtime.beforeRun = async () => {
      if (++running === 2) meet();
      await meeting;
    };
    await writeFile(join(context, 'f'), 'x');
    await build(`
      FROM busybox AS a
      RUN echo a
      FROM busybox AS b
      RUN echo b
      FROM scratch
      COPY --from=a /etc/passwd /a
      COPY --from=b /etc/passwd /b`);
    expect(running).toBe(2);
    expect(text('/b')).toContain('root:');
  });

  it('ends with the first failure, and the other steps with it', async () => {
    runtime.programs['sleep'] = ({ forever }) => forever();
    const dockerfile = `
      FROM busybox AS slow
      RUN ["sleep", "1000"]
      FROM busybox AS bad
      RUN exit 3
      FROM scratch
      COPY --from=slow / /
      COPY --from=bad / /`;
    await expect(build(dockerfile)).rejects.toMatchObject({
      code: 'failed-precondition',
      detail: { exitCode: 3 },
    });
    const [summary] = await client.builds.list({});
    expect(summary).toMatchObject({ status: 'failed', imageId: null });
    expect((await runtime.list()).containers).toEqual([]);
  });

  it('is refused for its language before anything is done', async () => {
    await expect(build('FROM busybox\nCOPPY a b')).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(host.commits).toEqual([]);
  });

  it('keeps values of arguments that look like secrets out of its history', async () => {
    await build('FROM busybox\nRUN echo x', { buildArgs: { TOKEN: 'hidden', WORD: 'shown' } });
    const [{ id } = { id: '' }] = await client.builds.list({});
    expect((await client.builds.inspect({ build: id })).buildArgs).toEqual({ TOKEN: '', WORD: 'shown' });
  });
});
