import { createEngine, type Engine } from '@longshore/engine';
import { containerRequest, networkRequest } from '@longshore/engine/contract';
import path from 'node:path';
import { type Folders, makeFolders } from '../fixtures/folders.ts';
import { root } from '../fixtures/paths.ts';
import type { NetworkPeer, PortRange } from './network-peer.ts';

const NETWORK = 'bench';

const context = { signal: new AbortController().signal };

/** Our own engine, in this process, with the real agent. */
export class LongshoreNetwork implements NetworkPeer {
  readonly name = 'Longshore';
  readonly onMachine = [];
  private readonly engine: Engine;
  private readonly folders: Folders;
  private readonly image: string;

  static async start(): Promise<LongshoreNetwork> {
    const folders = await makeFolders();
    const binary = process.env['LONGSHORE_AGENT'] ?? path.join(root, 'native/target/longshore-agent');
    const engine = await createEngine({ dataDir: folders.data, runDir: folders.run, agent: { binary } });
    const { id } = await engine.handlers.images.installStarter({ name: 'busybox' }, context);
    await engine.handlers.networks.create(networkRequest.parse({ name: NETWORK }), context);
    return new LongshoreNetwork(engine, folders, id);
  }

  private constructor(engine: Engine, folders: Folders, image: string) {
    this.engine = engine;
    this.folders = folders;
    this.image = image;
  }

  async run(name: string, command: readonly string[], ranges: readonly PortRange[] = []): Promise<void> {
    const ports = ranges.flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, index) => ({
        containerPort: first + index,
        hostPorts: { first: first + index, last: first + index },
      })),
    );
    const mounts = [{ type: 'bind', source: '/', target: '/host' }];
    const networks = [{ network: NETWORK }];
    const request = { image: this.image, command: [...command], name, networks, mounts, ports };
    await this.engine.handlers.containers.run(containerRequest.parse(request), context);
  }

  async exec(name: string, command: readonly string[]): Promise<string> {
    const settings = { env: [], tty: false, openStdin: false, detach: false, privileged: false };
    const input = { ...settings, container: name, command: [...command] };
    const decoder = new TextDecoder();
    let text = '';
    for await (const output of this.engine.handlers.containers.exec(input, noInput(), context)) {
      if (output.kind === 'stdout') text += decoder.decode(output.data, { stream: true });
      if (output.kind === 'exited' && output.code !== 0)
        throw new Error(`${command.join(' ')}: code ${output.code}\n${text}`);
    }
    return text;
  }

  async remove(name: string): Promise<void> {
    const input = { container: name, force: true, volumes: false };
    await this.engine.handlers.containers.remove(input, context);
  }

  async life(network: 'none' | 'bridge'): Promise<void> {
    const { containers } = this.engine.handlers;
    const request = containerRequest.parse({ image: this.image, command: ['true'], network });
    const { id } = await containers.run(request, context);
    await containers.wait({ container: id, condition: 'not-running' }, context);
    await containers.remove({ container: id, force: false, volumes: false }, context);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
    await this.folders[Symbol.asyncDispose]();
  }
}

async function* noInput(): AsyncGenerator<never> {
  // No process here reads its input.
}
