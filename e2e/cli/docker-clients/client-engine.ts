import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type ServedEngine, serveEngine } from '../../fixtures/engine.ts';
import { busyboxImage, imageOf, layerOf, servicesArchive } from '../../fixtures/images.ts';
import { type Registry, startRegistry } from '../../fixtures/registry.ts';

const run = promisify(execFile);

/** References of images that clients pull. */
export interface ClientImages {
  readonly busybox: string;
  /** Debian with nginx, Redis and PostgreSQL. */
  readonly services: string;
}

/** `longshore serve` with a registry beside it, for clients of the Docker API. */
export class ClientEngine implements AsyncDisposable {
  readonly images: ClientImages;
  readonly socketPath: string;
  /** What clients are told by. */
  readonly env: NodeJS.ProcessEnv;
  private readonly engine: ServedEngine;
  private readonly registry: Registry;

  static async start(): Promise<ClientEngine> {
    const registry = await startRegistry();
    await registry.push(await busyboxImage(), 'busybox', '1');
    return new ClientEngine(await serveEngine(), registry);
  }

  private constructor(engine: ServedEngine, registry: Registry) {
    this.engine = engine;
    this.registry = registry;
    this.images = { busybox: `${registry.host}/busybox:1`, services: `${registry.host}/services:1` };
    this.socketPath = path.join(engine.folders.run, 'docker.sock');
    this.env = {
      ...process.env,
      DOCKER_HOST: `unix://${this.socketPath}`,
      DOCKER_BUILDKIT: '0',
      DOCKER_CONFIG: path.join(engine.folders.data, 'docker-config'),
    };
  }

  /** Of the process that serves. */
  get pid(): number {
    return this.engine.serving.child.pid ?? 0;
  }

  /** What it has said on its stderr. */
  get complaints(): string {
    return this.engine.serving.stderr;
  }

  /** The servers, with the reaper of Testcontainers among them. */
  async pushServices(): Promise<void> {
    const reaper = await layerOf((folder) =>
      run('cp', [path.join(import.meta.dirname, 'reaper.pl'), folder]),
    );
    const layers = [await readFile(await servicesArchive()), reaper];
    const PATH = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/15/bin';
    await this.registry.push(imageOf(layers, { Cmd: ['perl', '/reaper.pl'], Env: [PATH] }), 'services', '1');
  }

  /** docker(1), which must succeed; its trimmed stdout. */
  async docker(...args: readonly string[]): Promise<string> {
    return (await run('docker', [...args], { env: this.env })).stdout.trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
    await this.registry[Symbol.asyncDispose]();
  }
}
