import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuildRequestInput } from '../../src/contract/index.ts';
import type { WireError } from '../../src/errors/index.ts';
import type { BuildEvent, BuildResult } from '../../src/types/index.ts';
import type { HasClient } from './real-containers.ts';

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
