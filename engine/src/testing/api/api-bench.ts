import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DockerServerOptions, listenOnDockerSocket } from '../../api/index.ts';
import type { EngineHandlers } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import type { EventQuery } from '../../events/index.ts';
import { dockerSocketPath } from '../../folders.ts';
import { ContainersBench } from '../runtime/containers-bench.ts';
import { exchange, type RawAnswer } from './raw-http.ts';

type Handle = (...args: readonly unknown[]) => unknown;

interface Served {
  readonly bench: ContainersBench;
  readonly folder: string;
  readonly server: AsyncDisposable;
  readonly asked: readonly string[];
  readonly bugs: readonly Error[];
}

export interface ApiBenchOptions extends DockerServerOptions {
  /** Stay their maker's. */
  readonly images?: EngineHandlers['images'];
}

/**
 * The Docker API on a socket, over containers, networks and volumes in memory, and the images that are given. Of all else
 * of the engine there is nothing: whoever asks for it gets `not-found`, and is written down.
 */
export class ApiBench implements AsyncDisposable {
  readonly bench: ContainersBench;
  /** Operations of parts that are not here: `images.pull`. */
  readonly asked: readonly string[];
  /** What the server reported as a bug of ours. */
  readonly bugs: readonly Error[];
  readonly socketPath: string;
  private readonly folder: string;
  private readonly server: AsyncDisposable;

  static async open({ images, ...options }: ApiBenchOptions = {}): Promise<ApiBench> {
    const bench = await ContainersBench.open();
    const folder = await mkdtemp(join(tmpdir(), 'longshore-api-'));
    const asked: string[] = [];
    const bugs: Error[] = [];
    const server = await listenOnDockerSocket(handlersOf({ bench, images, asked }), folder, {
      ...options,
      onInternalError: (_operation, error) => bugs.push(error),
    });
    return new ApiBench({ bench, folder, server, asked, bugs });
  }

  private constructor({ bench, folder, server, asked, bugs }: Served) {
    this.bench = bench;
    this.folder = folder;
    this.server = server;
    this.asked = asked;
    this.bugs = bugs;
    this.socketPath = dockerSocketPath(folder);
  }

  exchange(bytes: string | Uint8Array): Promise<RawAnswer> {
    return exchange(this.socketPath, bytes);
  }

  /** All that a request could have changed. */
  async contents(): Promise<string> {
    const { containers, networks, volumes } = this.bench;
    return JSON.stringify([
      await containers.handlers.list({ all: true, filters: {} }, context()),
      await networks.handlers.list({ filters: {} }, context()),
      await volumes.handlers.list({ filters: {} }, context()),
      this.asked,
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await this.bench[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function context(): { readonly signal: AbortSignal } {
  return { signal: new AbortController().signal };
}

interface Handled {
  readonly bench: ContainersBench;
  readonly images: EngineHandlers['images'] | undefined;
  readonly asked: string[];
}

function handlersOf({ bench, images, asked }: Handled): EngineHandlers {
  const here: Readonly<Record<string, unknown>> = {
    containers: bench.containers.handlers,
    networks: bench.networks.handlers,
    volumes: bench.volumes.handlers,
    images,
    events: {
      watch: (query: EventQuery, { signal }: { signal: AbortSignal }) => bench.events.watch(query, signal),
    },
  };
  const absent = (noun: string): object =>
    new Proxy({}, { get: (_target, verb) => refuse(`${noun}.${String(verb)}`, asked) });
  const nouns = new Proxy({}, { get: (_target, noun) => here[String(noun)] ?? absent(String(noun)) });
  return nouns as EngineHandlers;
}

function refuse(operation: string, asked: string[]): Handle {
  return () => {
    asked.push(operation);
    throw new EngineError('not-found', `There is no ${operation} here.`, { detail: { path: operation } });
  };
}
