import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { busyboxImage } from '../fixtures/images.ts';
import { command, installed } from './command.ts';
import type { NetworkPeer, PortRange } from './network-peer.ts';

const NETWORK = 'bench';
const IMAGE = 'bench/busybox';
const START_DEADLINE_MS = 60_000;

/** dockerd's own network namespace: this machine's rules and links are not touched. */
const DAEMON = 'ip link set lo up && exec dockerd "$@"';

/** docker with a daemon of its own, on temporary folders, in a network namespace of its own. */
export class DockerNetwork implements NetworkPeer {
  readonly name = 'docker';
  readonly onMachine: readonly string[];
  private readonly host: string;
  private readonly end: () => Promise<void>;

  /** Undefined where docker is not installed, or does not start. */
  static async start(): Promise<DockerNetwork | undefined> {
    if (!installed('docker') || !installed('dockerd')) return undefined;
    const folder = await mkdtemp(path.join(os.tmpdir(), 'longshore-docker-'));
    const host = `unix://${folder}/docker.sock`;
    const log = openSync(path.join(folder, 'dockerd.log'), 'w');
    const folders = ['--data-root', `${folder}/data`, '--exec-root', `${folder}/exec`, '-p', `${folder}/pid`];
    const program = ['--net', 'sh', '-c', DAEMON, 'dockerd', '-H', host, ...folders];
    const daemon = spawn('unshare', program, { stdio: ['ignore', log, log] });
    const docker = new DockerNetwork(host, daemon.pid ?? 0, async () => {
      daemon.kill('SIGTERM');
      if (daemon.exitCode === null) await once(daemon, 'exit');
      await rm(folder, { recursive: true, force: true });
    });
    const deadline = Date.now() + START_DEADLINE_MS;
    while (!(await docker.answers())) {
      if (daemon.exitCode !== null || Date.now() > deadline) {
        console.log(`dockerd does not start here; its log: ${folder}/dockerd.log`);
        return undefined;
      }
      await delay(100);
    }
    await docker.prepare(folder);
    return docker;
  }

  private constructor(host: string, pid: number, end: () => Promise<void>) {
    this.host = host;
    this.onMachine = ['nsenter', '--net', '--target', String(pid)];
    this.end = end;
  }

  async run(name: string, program: readonly string[], ranges: readonly PortRange[] = []): Promise<void> {
    const ports = ranges.flatMap(({ first, last }) => ['-p', `${first}-${last}:${first}-${last}`]);
    const settings = ['-d', '--name', name, '--network', NETWORK, '-v', '/:/host', ...ports];
    await this.docker('run', ...settings, IMAGE, ...program);
  }

  exec(name: string, program: readonly string[]): Promise<string> {
    return this.docker('exec', name, ...program);
  }

  async remove(name: string): Promise<void> {
    await this.docker('rm', '-f', name);
  }

  async life(network: 'none' | 'bridge'): Promise<void> {
    await this.docker('run', '--rm', '--network', network, IMAGE, 'true');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  private async prepare(folder: string): Promise<void> {
    const [layer] = (await busyboxImage()).layers;
    const archive = path.join(folder, 'busybox.tar');
    await writeFile(archive, gunzipSync(layer ?? Buffer.alloc(0)));
    await this.docker('import', '-c', 'ENV PATH=/bin', archive, IMAGE);
    await this.docker('network', 'create', NETWORK);
  }

  private answers(): Promise<boolean> {
    return this.docker('version').then(
      () => true,
      () => false,
    );
  }

  private docker(...words: readonly string[]): Promise<string> {
    return command('docker', ['-H', this.host, ...words]);
  }
}
