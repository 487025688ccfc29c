import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { BuildRequestInput } from '../../src/contract/index.ts';
import type { WireError } from '../../src/errors/index.ts';
import type { BuildEvent, BuildResult } from '../../src/types/index.ts';
import { RealEngine } from '../real-agent.ts';
import type { HasClient } from './real-containers.ts';

/** Milliseconds, for an engine to start and end, and for tests of several builds. */
export const BUILD_PATIENCE = 120_000;

export type BuildSettings = Partial<BuildRequestInput>;

export interface BuildOutcome {
  readonly result: BuildResult | null;
  readonly error: WireError | null;
  /** What its commands have printed, on both streams. */
  readonly log: string;
  readonly events: readonly BuildEvent[];
}

/** A context with nothing in it, which is removed when it is disposed of. */
export class ContextFolder implements AsyncDisposable {
  readonly path: string;

  static async create(): Promise<ContextFolder> {
    return new ContextFolder(await mkdtemp('/var/tmp/longshore-context-'));
  }

  private constructor(path: string) {
    this.path = path;
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    const path = join(this.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Runs one build to its end. It may fail; that it ends without saying so is an error. */
export async function runBuild(
  engine: HasClient,
  request: BuildRequestInput,
  upload: AsyncIterable<Uint8Array<ArrayBuffer>> | null = null,
): Promise<BuildOutcome> {
  const events: BuildEvent[] = [];
  const decoder = new TextDecoder();
  let log = '';
  const build = engine.client.builds.build(request);
  const sending = send(build, upload);
  try {
    for await (const event of build) {
      events.push(event);
      if (event.type === 'step-log') log += decoder.decode(event.data, { stream: true });
    }
  } catch (thrown) {
    if (events.at(-1)?.type !== 'ended') throw thrown;
  }
  await sending.catch(() => undefined);
  const last = events.at(-1);
  if (last?.type !== 'ended') throw new Error('The build has not ended.');
  return { result: last.result, error: last.error, log, events };
}

async function send(
  build: ReturnType<HasClient['client']['builds']['build']>,
  upload: AsyncIterable<Uint8Array<ArrayBuffer>> | null,
): Promise<void> {
  for await (const bytes of upload ?? []) await build.send(bytes);
  build.end();
}

/** What tests of builds share: an engine with busybox for all tests of a `describe`, and a context for each. */
export class BuildBench {
  private opened: RealEngine | null = null;
  private folder: ContextFolder | null = null;

  /** To be called where tests are described: it opens and closes with them. */
  static use(): BuildBench {
    const bench = new BuildBench();
    beforeAll(async () => {
      bench.opened = await RealEngine.open();
      await bench.engine.client.images.installStarter({ name: 'busybox' });
    }, BUILD_PATIENCE);
    afterAll(() => bench.opened?.[Symbol.asyncDispose](), BUILD_PATIENCE);
    beforeEach(async () => {
      bench.folder = await ContextFolder.create();
    });
    afterEach(() => bench.folder?.[Symbol.asyncDispose]());
    return bench;
  }

  get engine(): RealEngine {
    if (this.opened === null) throw new Error('The engine is open while tests run.');
    return this.opened;
  }

  get context(): ContextFolder {
    if (this.folder === null) throw new Error('The context is there while a test runs.');
    return this.folder;
  }

  /** It may fail. */
  build(dockerfileText: string, settings: BuildSettings = {}): Promise<BuildOutcome> {
    const context = { kind: 'folder', path: this.context.path } as const;
    return runBuild(this.engine, { context, dockerfileText, ...settings });
  }

  /** It must not fail. */
  async built(dockerfileText: string, settings: BuildSettings = {}): Promise<BuildOutcome> {
    const outcome = await this.build(dockerfileText, settings);
    expect(outcome.error).toBeNull();
    return outcome;
  }

  /** What the commands of a build that must not fail have printed. */
  async log(dockerfileText: string, settings: BuildSettings = {}): Promise<string> {
    return (await this.built(dockerfileText, settings)).log;
  }

  /** The same, line by line. */
  async printed(dockerfileText: string, settings: BuildSettings = {}): Promise<readonly string[]> {
    const log = await this.log(dockerfileText, settings);
    return log.split('\n').filter((line) => line !== '');
  }
}
