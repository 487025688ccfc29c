import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { command, installed } from './command.ts';
import { measure, type Timing } from './measure.ts';

/** dockerd's own start takes a second or two. */
const START_DEADLINE_MS = 30_000;

/** docker with a daemon of its own, on temporary folders, so that nobody's images and networks are touched. */
export class DockerBench implements AsyncDisposable {
  private readonly host: string;
  private readonly end: () => Promise<void>;

  private constructor(host: string, end: () => Promise<void>) {
    this.host = host;
    this.end = end;
  }

  /** Undefined where docker is not installed. */
  static async start(): Promise<DockerBench | undefined> {
    if (!installed('docker') || !installed('dockerd')) return undefined;
    const folder = await mkdtemp(path.join(os.tmpdir(), 'longshore-docker-'));
    const host = `unix://${folder}/docker.sock`;
    const log = openSync(path.join(folder, 'dockerd.log'), 'w');
    const folders = ['--data-root', `${folder}/data`, '--exec-root', `${folder}/exec`, '-p', `${folder}/pid`];
    const network = ['--bridge', 'none', '--iptables=false', '--ip-forward=false'];
    const daemon = spawn('dockerd', ['-H', host, ...folders, ...network], { stdio: ['ignore', log, log] });
    const bench = new DockerBench(host, async () => {
      daemon.kill('SIGTERM');
      if (daemon.exitCode === null) await once(daemon, 'exit');
      await rm(folder, { recursive: true, force: true });
    });
    const deadline = Date.now() + START_DEADLINE_MS;
    while (!(await bench.answers())) {
      if (daemon.exitCode !== null || Date.now() > deadline) {
        console.log(`dockerd does not start here; its log: ${folder}/dockerd.log`);
        return undefined;
      }
      await delay(100);
    }
    return bench;
  }

  life(image: string, rounds: number): Promise<Timing> {
    return measure(rounds, () => this.docker('run', '--rm', '--network', 'none', image, 'true'));
  }

  async exec(image: string, rounds: number): Promise<Timing> {
    const id = await this.docker('run', '-d', '--network', 'none', image, 'sleep', '1000');
    const timing = await measure(rounds, () => this.docker('exec', id, 'true'));
    await this.docker('rm', '-f', id);
    return timing;
  }

  pulls(image: string, rounds: number): Promise<Timing> {
    return measure(
      rounds,
      () => this.docker('pull', '-q', image),
      () => this.remove(image),
    );
  }

  /** An image that no container uses. */
  remove(image: string): Promise<string> {
    return this.docker('rmi', image);
  }

  pull(image: string): Promise<string> {
    return this.docker('pull', '-q', image);
  }

  /** Without BuildKit, which this daemon may not have. */
  classic(...args: readonly string[]): Promise<string> {
    return command('env', ['DOCKER_BUILDKIT=0', 'docker', '-H', this.host, ...args]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  private async answers(): Promise<boolean> {
    return this.docker('version').then(
      () => true,
      () => false,
    );
  }

  private docker(...args: readonly string[]): Promise<string> {
    return command('docker', ['-H', this.host, ...args]);
  }
}
