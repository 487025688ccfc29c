import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { command, installed } from './command.ts';
import { DockerBench } from './docker.ts';
import type { Puller } from './puller.ts';

const START_DEADLINE_MS = 30_000;

/** Each starts its own, on folders of its own; undefined where this machine has none. */
export const peers: readonly (() => Promise<Puller | undefined>)[] = [docker, podman, containerd, skopeo];

/** A peer pulls one image per command. */
interface Commands {
  readonly pull: (image: string) => Promise<unknown>;
  readonly remove: (image: string) => Promise<unknown>;
  readonly end: () => Promise<void>;
}

function pullerOf(name: string, { pull, remove, end }: Commands): Puller {
  return {
    name,
    async pull(images) {
      await Promise.all(images.map(pull));
    },
    async remove(images) {
      for (const image of images) await remove(image);
    },
    [Symbol.asyncDispose]: end,
  };
}

async function docker(): Promise<Puller | undefined> {
  const bench = await DockerBench.start();
  if (bench === undefined) return undefined;
  return pullerOf('docker', {
    pull: (image) => bench.pull(image),
    remove: (image) => bench.remove(image),
    end: () => bench[Symbol.asyncDispose](),
  });
}

async function podman(): Promise<Puller | undefined> {
  if (!installed('podman')) return undefined;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'longshore-podman-'));
  const storage = ['--root', `${folder}/root`, '--runroot', `${folder}/run`, '--storage-driver', 'overlay'];
  return pullerOf('podman', {
    pull: (image) => command('podman', [...storage, 'pull', '-q', '--tls-verify=false', image]),
    remove: (image) => command('podman', [...storage, 'rmi', image]),
    end: async () => {
      // It leaves its store bound onto itself.
      await command('umount', [`${folder}/root/overlay`]).catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  });
}

/** containerd itself, by its own client. */
async function containerd(): Promise<Puller | undefined> {
  if (!installed('containerd') || !installed('ctr')) return undefined;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'longshore-containerd-'));
  const socket = `${folder}/containerd.sock`;
  const config = `${folder}/config.toml`;
  await writeFile(
    config,
    `version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n` +
      `root = "${folder}/root"\nstate = "${folder}/state"\n[grpc]\naddress = "${socket}"\n`,
  );
  const log = openSync(`${folder}/log`, 'w');
  const daemon = spawn('containerd', ['--config', config], { stdio: ['ignore', log, log] });
  const ctr = (...args: readonly string[]) => command('ctr', ['-a', socket, ...args]);
  const deadline = Date.now() + START_DEADLINE_MS;
  while ((await ctr('version').catch(() => undefined)) === undefined) {
    if (daemon.exitCode !== null || Date.now() > deadline)
      throw new Error(`containerd does not start: ${folder}/log`);
    await delay(100);
  }
  return pullerOf('ctr', {
    pull: (image) => ctr('image', 'pull', '--plain-http', image),
    remove: (image) => ctr('image', 'rm', '--sync', image),
    end: async () => {
      daemon.kill('SIGTERM');
      if (daemon.exitCode === null) await once(daemon, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  });
}

/** Only copies the blobs: what a pull costs before anything is unpacked. */
async function skopeo(): Promise<Puller | undefined> {
  if (!installed('skopeo')) return undefined;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'longshore-skopeo-'));
  const target = (image: string) => path.join(folder, encodeURIComponent(image).replaceAll('%', '_'));
  return pullerOf('skopeo (blobs only)', {
    pull: (image) =>
      command('skopeo', [
        'copy',
        '-q',
        '--src-tls-verify=false',
        `docker://${image}`,
        `oci:${target(image)}:latest`,
      ]),
    remove: (image) => rm(target(image), { recursive: true }),
    end: () => rm(folder, { recursive: true, force: true }),
  });
}
