import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import type { StoredBytes, TestImage } from '../../src/testing/registry/test-image.ts';

export interface DockerRegistryOptions {
  /** PEM files. Left out: plain HTTP. */
  readonly tls?: {
    readonly certificate: string;
    readonly key: string;
    /** Authorities of the certificates that clients must show. Left out: they need none. */
    readonly clientcas?: readonly string[];
  };
  /** What to show it to learn whether it is up, where it wants to be shown something. */
  readonly client?: { readonly certificate: string; readonly key: string };
  /** Whose tokens it wants. Left out: anybody may do anything. */
  readonly tokens?: {
    readonly realm: string;
    readonly service: string;
    readonly issuer: string;
    /** PEM file with the certificate that signs them. */
    readonly certificate: string;
  };
}

/** Debian's `docker-registry` (github.com/distribution/distribution) on a free port of this machine. */
export class DockerRegistry implements AsyncDisposable {
  readonly host: string;
  private readonly process: ChildProcess;
  private readonly folder: string;
  private readonly scheme: 'http' | 'https';

  static async start(options: DockerRegistryOptions = {}): Promise<DockerRegistry> {
    const folder = await mkdtemp(join(tmpdir(), 'longshore-registry-'));
    const port = await freePort();
    const config = join(folder, 'config.yml');
    await mkdir(join(folder, 'data'));
    // JSON is YAML.
    await writeFile(config, JSON.stringify(configuration(join(folder, 'data'), port, options)));
    const process = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
    const scheme = options.tls === undefined ? 'http' : 'https';
    const registry = new DockerRegistry(process, folder, `127.0.0.1:${port}`, scheme);
    await registry.ready(options.client);
    return registry;
  }

  private constructor(process: ChildProcess, folder: string, host: string, scheme: 'http' | 'https') {
    this.process = process;
    this.scheme = scheme;
    this.folder = folder;
    this.host = host;
  }

  /** Pushes as any client does, and answers with the full reference. */
  async push(repository: string, tag: string, image: TestImage): Promise<string> {
    for (const blob of [image.config, ...image.layers]) await this.pushBlob(repository, blob);
    await this.pushManifest(repository, image.manifest.digest, image.manifest);
    await this.pushManifest(repository, tag, image.manifest);
    return `${this.host}/${repository}:${tag}`;
  }

  async pushManifest(repository: string, target: string, { bytes, mediaType }: StoredBytes): Promise<void> {
    const url = `http://${this.host}/v2/${repository}/manifests/${target}`;
    const headers = { 'content-type': mediaType };
    const answer = await request(url, { method: 'PUT', headers, body: bytes });
    await answer.body.dump();
    if (answer.statusCode !== 201) throw new Error(`The registry refuses the manifest: ${answer.statusCode}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode === null) {
      const exited = once(this.process, 'exit');
      this.process.kill('SIGKILL');
      await exited;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async pushBlob(repository: string, { bytes, digest }: StoredBytes): Promise<void> {
    const begin = await request(`http://${this.host}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
    await begin.body.dump();
    const url = new URL(String(begin.headers['location']), `http://${this.host}`);
    url.searchParams.set('digest', digest);
    const headers = { 'content-type': 'application/octet-stream' };
    const answer = await request(url, { method: 'PUT', headers, body: bytes });
    await answer.body.dump();
    if (answer.statusCode !== 201) throw new Error(`The registry refuses the blob: ${answer.statusCode}`);
  }

  /** Asks until it answers, whatever; a registry that has ended instead is an error. */
  private async ready(client: DockerRegistryOptions['client']): Promise<void> {
    const shown = client && {
      cert: await readFile(client.certificate, 'utf8'),
      key: await readFile(client.key, 'utf8'),
    };
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false, ...shown } });
    try {
      while (this.process.exitCode === null) {
        try {
          const { body } = await request(`${this.scheme}://${this.host}/v2/`, { dispatcher });
          await body.dump();
          return;
        } catch {
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    } finally {
      await dispatcher.destroy();
    }
    throw new Error('docker-registry has ended at its start.');
  }
}

function configuration(data: string, port: number, { tls, tokens }: DockerRegistryOptions): unknown {
  return {
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: data } },
    http: { addr: `127.0.0.1:${port}`, ...(tls && { tls }) },
    ...(tokens && {
      auth: {
        token: {
          realm: tokens.realm,
          service: tokens.service,
          issuer: tokens.issuer,
          rootcertbundle: tokens.certificate,
        },
      },
    }),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
