import { createEngine, type Engine } from '@longshore/engine';
import { type BuildRequest, containerRequest } from '@longshore/engine/contract';
import { setMaxListeners } from 'node:events';
import path from 'node:path';
import { type Folders, makeFolders } from '../fixtures/folders.ts';
import { root } from '../fixtures/paths.ts';
import { type Crowd, measureCrowd } from './crowd.ts';
import { measure, type Timing } from './measure.ts';

/** Our own engine, in this process, with the real agent, called through the same handlers as every door. */
export class LongshoreBench implements AsyncDisposable {
  private readonly engine: Engine;
  private readonly folders: Folders;
  private readonly image: string;

  private constructor(engine: Engine, folders: Folders, image: string) {
    this.engine = engine;
    this.folders = folders;
    this.image = image;
  }

  static async start(image: string): Promise<LongshoreBench> {
    const folders = await makeFolders();
    const engine = await createEngine({
      dataDir: folders.data,
      runDir: folders.run,
      agent: { binary: path.join(root, 'native/target/longshore-agent') },
    });
    const bench = new LongshoreBench(engine, folders, image);
    await bench.pull(image);
    return bench;
  }

  /** Create, start, wait and remove of `true`. */
  life(rounds: number, network: 'none' | 'bridge'): Promise<Timing> {
    const { containers } = this.engine.handlers;
    return measure(rounds, async () => {
      const { id } = await containers.run(request(this.image, ['true'], network), context);
      await containers.wait({ container: id, condition: 'not-running' }, context);
      await containers.remove({ container: id, force: false, volumes: false }, context);
    });
  }

  async exec(rounds: number): Promise<Timing> {
    const { containers } = this.engine.handlers;
    const { id } = await containers.run(request(this.image, ['sleep', '1000'], 'none'), context);
    const timing = await measure(rounds, async () => {
      const input = { ...EXEC, container: id, command: ['true'] };
      for await (const output of containers.exec(input, noInput(), context)) {
        if (output.kind === 'exited' && output.code !== 0) throw new Error(`exec ended with ${output.code}`);
      }
    });
    await containers.remove({ container: id, force: true, volumes: false }, context);
    return timing;
  }

  pulls(rounds: number, reference: string): Promise<Timing> {
    return measure(
      rounds,
      () => this.pull(reference),
      () => this.engine.handlers.images.remove({ image: reference, force: false }, context),
    );
  }

  async build(request: BuildRequest): Promise<void> {
    let status = 'running';
    for await (const event of this.engine.handlers.builds.build(request, noInput(), context)) {
      if (event.type === 'ended') status = event.status;
    }
    if (status !== 'done') throw new Error(`the build is ${status}`);
  }

  crowd(size: number): Promise<Crowd> {
    return measureCrowd(this.engine, this.image, size);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
    await this.folders[Symbol.asyncDispose]();
  }

  private async pull(reference: string): Promise<void> {
    const input = { reference, insecure: false, background: false };
    const stages: string[] = [];
    for await (const { stage } of this.engine.handlers.images.pull(input, context)) stages.push(stage);
    if (stages.at(-1) !== 'done')
      throw new Error(`the pull of ${reference} ended while ${stages.at(-1) ?? 'idle'}`);
  }
}

const context = { signal: new AbortController().signal };
// Many calls at once share it.
setMaxListeners(0, context.signal);

const EXEC = { env: [], tty: false, openStdin: false, detach: false, privileged: false };

async function* noInput(): AsyncGenerator<never> {
  // No process here reads its input.
}

function request(image: string, command: string[], network: 'none' | 'bridge') {
  return containerRequest.parse({ image, command, network });
}
