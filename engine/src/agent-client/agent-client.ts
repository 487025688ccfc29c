import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { diskError } from '../metadata/index.ts';
import type {
  Agent,
  BuildHost,
  CallOptions,
  ContainerFiles,
  HostUsage,
  NetworkHost,
  Runtime,
  VolumeStore,
} from '../runtime/index.ts';
import type { Snapshotter } from '../snapshots/index.ts';
import type { AgentState, HostInfo } from '../types/index.ts';
import { AgentProcess } from './agent-process/agent-process.ts';
import { type AgentProcessOptions, launchAgent, type Rights } from './agent-process/launch.ts';
import { AgentBuilds } from './agent-builds.ts';
import { AgentFiles } from './agent-files.ts';
import { AgentNetworks } from './agent-networks.ts';
import { AgentRuntime } from './agent-runtime.ts';
import { AgentSnapshotter } from './agent-snapshotter.ts';
import { AgentVolumes } from './agent-volumes.ts';
import { unary } from './calls.ts';
import { AgentConnection } from './connection.ts';
import { fromWireHost, fromWireUsage } from './converters/host.ts';

export interface AgentClientOptions extends AgentProcessOptions {
  /** Of the engine. */
  readonly version: string;
  readonly clock: Clock;
}

const AGENT_SOCKET = 'agent.sock';
const USAGE_DEADLINE_MS = 5_000;
/** Millions of files on a slow disk. */
const DATA_USAGE_DEADLINE_MS = 600_000;

/** The agent as a whole: it is found or started as soon as this exists, and what it offers hangs on it. */
export class AgentClient implements Agent, AsyncDisposable {
  readonly runtime: Runtime;
  readonly snapshotter: Snapshotter;
  readonly files: ContainerFiles;
  readonly builds: BuildHost;
  readonly networks: NetworkHost;
  readonly volumes: VolumeStore;
  private readonly connection: AgentConnection;
  private readonly process: AgentProcess;

  constructor(options: AgentClientOptions) {
    const socketPath = join(options.runDir, AGENT_SOCKET);
    makeRunFolder(options.runDir);
    const rights = rightsOfThisProcess();
    this.connection = new AgentConnection(socketPath, options.version);
    this.process = new AgentProcess({
      line: this.connection,
      socketPath,
      launch: (mayAsk) => launchAgent(options, rights, mayAsk),
      retries: rights.uid === 0,
      clock: options.clock,
    });
    this.runtime = new AgentRuntime(this.connection, this.process);
    this.snapshotter = new AgentSnapshotter(this.connection, this.process);
    this.files = new AgentFiles(this.connection, this.process);
    this.builds = new AgentBuilds(this.connection, this.process);
    this.networks = new AgentNetworks(this.connection, this.process);
    this.volumes = new AgentVolumes(this.connection, this.process);
  }

  get state(): AgentState {
    return this.process.state;
  }

  get host(): HostInfo | null {
    return this.process.hello && fromWireHost(this.process.hello);
  }

  get swapAccounting(): boolean {
    return this.process.hello?.swapAccounting ?? false;
  }

  onStateChange(listener: (state: AgentState) => void): void {
    this.process.onStateChange(listener);
  }

  start(): Promise<void> {
    return this.process.start();
  }

  async usage({ signal }: CallOptions = {}): Promise<HostUsage> {
    await this.process.open(signal);
    const { system } = this.connection;
    return fromWireUsage(await unary(system.usage.bind(system), {}, USAGE_DEADLINE_MS, signal));
  }

  async dataBytes({ signal }: CallOptions = {}): Promise<number> {
    await this.process.open(signal);
    const { system } = this.connection;
    const { sizeBytes } = await unary(system.dataUsage.bind(system), {}, DATA_USAGE_DEADLINE_MS, signal);
    return Number(sizeBytes);
  }

  /** The agent and the containers run on. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
    this.connection[Symbol.dispose]();
  }
}

function makeRunFolder(runDir: string): void {
  try {
    mkdirSync(runDir, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw diskError(thrown, runDir);
  }
}

function rightsOfThisProcess(): Rights {
  const { env } = process;
  return {
    uid: process.getuid?.() ?? -1,
    gid: process.getgid?.() ?? -1,
    hasDisplay: Boolean(env['WAYLAND_DISPLAY'] ?? env['DISPLAY']),
  };
}
