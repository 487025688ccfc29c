import { type Channel, connectivityState, credentials } from '@grpc/grpc-js';
import { EngineError, toEngineError } from '../errors/index.ts';
import { unary } from './calls.ts';
import { BuildsClient } from './generated/longshore/agent/v1/builds.ts';
import { FilesClient } from './generated/longshore/agent/v1/files.ts';
import { NetworksClient } from './generated/longshore/agent/v1/network.ts';
import { RuntimeClient } from './generated/longshore/agent/v1/runtime.ts';
import { SnapshotsClient } from './generated/longshore/agent/v1/snapshots.ts';
import { type HelloResponse, SystemClient } from './generated/longshore/agent/v1/system.ts';
import { VolumesClient } from './generated/longshore/agent/v1/volumes.ts';
import { unixChannel } from './transport/unix.ts';

/** Of native/proto; both sides say theirs in the first call. */
const PROTOCOL_VERSION = 1;

const HELLO_DEADLINE_MS = 5_000;

/**
 * One channel to the agent's socket, and the stubs on it. It outlives agents: one that starts anew on the same
 * socket is reached by the same channel.
 */
export class AgentConnection implements Disposable {
  readonly runtime: RuntimeClient;
  readonly snapshots: SnapshotsClient;
  readonly system: SystemClient;
  readonly files: FilesClient;
  readonly builds: BuildsClient;
  readonly networks: NetworksClient;
  readonly volumes: VolumesClient;
  private readonly channel: Channel;
  private readonly version: string;

  constructor(socketPath: string, version: string) {
    this.channel = unixChannel(socketPath);
    this.version = version;
    const options = { channelOverride: this.channel };
    const insecure = credentials.createInsecure();
    this.runtime = new RuntimeClient(socketPath, insecure, options);
    this.snapshots = new SnapshotsClient(socketPath, insecure, options);
    this.system = new SystemClient(socketPath, insecure, options);
    this.files = new FilesClient(socketPath, insecure, options);
    this.builds = new BuildsClient(socketPath, insecure, options);
    this.networks = new NetworksClient(socketPath, insecure, options);
    this.volumes = new VolumesClient(socketPath, insecure, options);
  }

  /** Resolves when there is a connection to the socket; rejects after so many milliseconds, or by the signal. */
  async connect(withinMs: number, signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      if (signal.aborted) throw toEngineError(signal.reason);
      const state = this.channel.getConnectivityState(true);
      if (state === connectivityState.READY) return;
      const changed = await this.stateChange(state, deadline);
      if (!changed) throw new EngineError('unavailable', 'The agent does not answer on its socket.');
    }
  }

  /** The first call of each connection. */
  hello(signal: AbortSignal): Promise<HelloResponse> {
    const request = { protocolVersion: PROTOCOL_VERSION, clientVersion: this.version };
    return unary(this.system.hello.bind(this.system), request, HELLO_DEADLINE_MS, signal);
  }

  /** Resolves when the present connection is lost. */
  async lost(signal: AbortSignal): Promise<void> {
    const { promise: aborted, leave } = abortOf(signal);
    try {
      while (!signal.aborted && this.channel.getConnectivityState(false) === connectivityState.READY) {
        await Promise.race([this.stateChange(connectivityState.READY, Infinity), aborted]);
      }
    } finally {
      leave();
    }
  }

  [Symbol.dispose](): void {
    this.channel.close();
  }

  private stateChange(from: connectivityState, deadline: number): Promise<boolean> {
    return new Promise((resolve) => {
      this.channel.watchConnectivityState(from, deadline, (error?: Error) => resolve(error === undefined));
    });
  }
}

function abortOf(signal: AbortSignal): { readonly promise: Promise<void>; readonly leave: () => void } {
  let onAbort = (): void => undefined;
  const promise = new Promise<void>((resolve) => (onAbort = resolve));
  signal.addEventListener('abort', onAbort, { once: true });
  return { promise, leave: () => signal.removeEventListener('abort', onAbort) };
}
