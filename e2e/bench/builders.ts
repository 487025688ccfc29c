import { buildRequest } from '@longshore/engine/contract';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ClientEngine } from '../cli/docker-clients/client-engine.ts';
import { command, installed } from './command.ts';
import { DockerBench } from './docker.ts';
import { LongshoreBench } from './longshore.ts';

export interface BuildOrder {
  /** A context whose Dockerfile stands on the argument BASE. */
  readonly folder: string;
  /** Every step is done, whatever was built before. */
  readonly anew: boolean;
}

/** Builds and tags an image; the image that it stands on is there already. No command has a network. */
export interface Builder extends AsyncDisposable {
  readonly name: string;
  build(order: BuildOrder): Promise<unknown>;
}

const TAG = 'bench:latest';

/** Ours come first; of the peers, those that this machine has. `base` is an image in a registry. */
export async function startBuilders(base: string): Promise<readonly Builder[]> {
  const builders: Builder[] = [];
  for (const start of [inProcess, overTheApi, docker, buildah]) {
    const builder = await start(base);
    if (builder !== undefined) builders.push(builder);
  }
  return builders;
}

/** The engine alone, as the window calls it. */
async function inProcess(base: string): Promise<Builder> {
  const bench = await LongshoreBench.start(base);
  return {
    name: 'Longshore',
    build: ({ folder, anew }) =>
      bench.build(
        buildRequest.parse({
          context: { kind: 'folder', path: folder },
          tags: [TAG],
          buildArgs: { BASE: base },
          noCache: anew,
          network: 'none',
        }),
      ),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

/** docker(1) with our engine behind it: what it takes by itself is the same as with dockerd. */
async function overTheApi(): Promise<Builder | undefined> {
  if (!installed('docker')) return undefined;
  const engine = await ClientEngine.start();
  const base = engine.images.busybox;
  await engine.docker('pull', '-q', base);
  return {
    name: 'Longshore by docker build',
    build: (order) => engine.docker(...dockerBuild(base, order)),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

/** The classic builder. */
async function docker(base: string): Promise<Builder | undefined> {
  const bench = await DockerBench.start();
  if (bench === undefined) return undefined;
  await bench.pull(base);
  return {
    name: 'docker',
    build: (order) => bench.classic(...dockerBuild(base, order)),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

async function buildah(base: string): Promise<Builder | undefined> {
  if (!installed('buildah')) return undefined;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'longshore-buildah-'));
  const storage = ['--root', `${folder}/root`, '--runroot', `${folder}/run`, '--storage-driver', 'overlay'];
  const run = (...args: readonly string[]) => command('buildah', [...storage, ...args]);
  await run('pull', '-q', '--tls-verify=false', base);
  return {
    name: 'buildah',
    build: ({ folder: context, anew }) => {
      const cache = anew ? '--no-cache' : '--layers';
      const common = ['--layers', '--network', 'none', '--pull-never', '--build-arg', `BASE=${base}`];
      return run('build', '-q', cache, ...common, '-t', TAG, context);
    },
    async [Symbol.asyncDispose]() {
      // It leaves its store bound onto itself.
      await command('umount', [`${folder}/root/overlay`]).catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function dockerBuild(base: string, { folder, anew }: BuildOrder): readonly string[] {
  const cache = anew ? ['--no-cache'] : [];
  return ['build', '-q', ...cache, '--network', 'none', '--build-arg', `BASE=${base}`, '-t', TAG, folder];
}
