import { command, installed } from './command.ts';
import { OwnMachine } from './network-machine.ts';
import { publishWords, type NetworkPeer, type PortRange } from './network-peer.ts';

const NETWORK = 'bench';
const IMAGE = 'localhost/bench/busybox';

/** Lower than any machine's: podman would raise them to what it has itself, which not every machine allows. */
const LIMITS = ['--ulimit', 'nofile=4096:4096', '--ulimit', 'nproc=4096:4096'];

/** podman with stores of its own. It has no daemon: each command joins the network namespace itself. */
export class PodmanNetwork implements NetworkPeer {
  readonly name = 'podman';
  readonly onMachine: readonly string[];
  private readonly machine: OwnMachine;
  private readonly settings: readonly string[];

  /** Undefined where podman is not installed, or has not what answers names (netavark and aardvark-dns). */
  static async start(): Promise<PodmanNetwork | undefined> {
    if (!installed('podman')) return undefined;
    const peer = new PodmanNetwork(await OwnMachine.make('podman'));
    const backend = await peer.podman('info', '--format', '{{.Host.NetworkBackend}}');
    if (backend !== 'netavark') {
      console.log(`podman is not measured: its networks are by ${backend}, not netavark.`);
      await peer[Symbol.asyncDispose]();
      return undefined;
    }
    await peer.podman('import', '-q', '-c', 'ENV PATH=/bin', await peer.machine.busyboxArchive(), IMAGE);
    await peer.podman('network', 'create', NETWORK);
    return peer;
  }

  private constructor(machine: OwnMachine) {
    this.machine = machine;
    this.onMachine = machine.within;
    const { folder } = machine;
    this.settings = [
      ...['--root', `${folder}/root`, '--runroot', `${folder}/run`, '--storage-driver', 'overlay'],
      ...['--network-config-dir', `${folder}/networks`, '--events-backend', 'file'],
      // Neither needs a session of systemd.
      ...['--cgroup-manager', 'cgroupfs', ...(installed('runc') ? ['--runtime', 'runc'] : [])],
    ];
  }

  async run(name: string, program: readonly string[], ranges: readonly PortRange[] = []): Promise<void> {
    const settings = ['-d', '--name', name, '--network', NETWORK, '-v', '/:/host', ...publishWords(ranges)];
    await this.podman('run', ...LIMITS, ...settings, IMAGE, ...program);
  }

  exec(name: string, program: readonly string[]): Promise<string> {
    return this.podman('exec', name, ...program);
  }

  async remove(name: string): Promise<void> {
    await this.podman('rm', '-f', '-t', '0', name);
  }

  async life(network: 'none' | 'bridge'): Promise<void> {
    await this.podman('run', '--rm', ...LIMITS, '--network', network, IMAGE, 'true');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // It leaves its store bound onto itself.
    await command('umount', [`${this.machine.folder}/root/overlay`]).catch(() => undefined);
    await this.machine[Symbol.asyncDispose]();
  }

  private podman(...words: readonly string[]): Promise<string> {
    const [program = '', ...within] = this.machine.within;
    return command(program, [...within, 'podman', ...this.settings, ...words]);
  }
}
