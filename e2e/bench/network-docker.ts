import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { command, installed } from './command.ts';
import { OwnMachine } from './network-machine.ts';
import { publishWords, type NetworkPeer, type PortRange } from './network-peer.ts';

const NETWORK = 'bench';
const IMAGE = 'bench/busybox';
const START_DEADLINE_MS = 60_000;

/** docker with a daemon of its own, on temporary folders. */
export class DockerNetwork implements NetworkPeer {
  readonly name = 'docker';
  readonly onMachine: readonly string[];
  private readonly host: string;
  private readonly end: () => Promise<void>;

  /** Undefined where docker is not installed, or does not start. */
  static async start(): Promise<DockerNetwork | undefined> {
    if (!installed('docker') || !installed('dockerd')) return undefined;
    const machine = await OwnMachine.make('docker');
    const { folder } = machine;
    const host = `unix://${folder}/docker.sock`;
    const logFile = path.join(folder, 'dockerd.log');
    const log = openSync(logFile, 'w');
    const folders = ['--data-root', `${folder}/data`, '--exec-root', `${folder}/exec`, '-p', `${folder}/pid`];
    const [program = '', ...within] = machine.within;
    const daemon = spawn(program, [...within, 'dockerd', '-H', host, ...folders], {
      stdio: ['ignore', log, log],
    });
    const docker = new DockerNetwork(host, machine.within, async () => {
      daemon.kill('SIGTERM');
      if (daemon.exitCode === null) await once(daemon, 'exit');
      await machine[Symbol.asyncDispose]();
    });
    const deadline = Date.now() + START_DEADLINE_MS;
    while (!(await docker.answers())) {
      if (daemon.exitCode !== null || Date.now() > deadline) {
        console.log(`dockerd does not start here:\n${await readFile(logFile, 'utf8')}`);
        await docker[Symbol.asyncDispose]();
        return undefined;
      }
      await delay(100);
    }
    await docker.docker('import', '-c', 'ENV PATH=/bin', await machine.busyboxArchive(), IMAGE);
    await docker.docker('network', 'create', NETWORK);
    return docker;
  }

  private constructor(host: string, onMachine: readonly string[], end: () => Promise<void>) {
    this.host = host;
    this.onMachine = onMachine;
    this.end = end;
  }

  async run(name: string, program: readonly string[], ranges: readonly PortRange[] = []): Promise<void> {
    const settings = ['-d', '--name', name, '--network', NETWORK, '-v', '/:/host', ...publishWords(ranges)];
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

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
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
