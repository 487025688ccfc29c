import type { Agent, HostUsage } from '../../runtime/index.ts';
import type { AgentState, HostInfo } from '../../types/index.ts';

/** An agent whose state a test sets. */
export class FakeAgent implements Agent {
  state: AgentState = { status: 'running', pid: 42, version: '0.0.0' };
  host: HostInfo | null = {
    os: 'linux',
    architecture: 'amd64',
    kernelVersion: '6.0.0',
    cgroupMode: 'v2',
    cgroupControllers: ['cpu', 'memory', 'pids'],
    firewall: 'nftables',
    warnings: [],
  };
  swapAccounting = true;
  /** The samples that `usage` gives, in turn; the last one stays. */
  samples: HostUsage[] = [];
  starts = 0;
  /** What `dataBytes` answers. */
  takenBytes = 0;
  private readonly listeners: ((state: AgentState) => void)[] = [];

  setState(state: AgentState): void {
    this.state = state;
    for (const tell of this.listeners) tell(state);
  }

  onStateChange(listener: (state: AgentState) => void): void {
    this.listeners.push(listener);
  }

  async start(): Promise<void> {
    this.starts += 1;
    this.setState({ status: 'running', pid: 42, version: '0.0.0' });
  }

  async usage(): Promise<HostUsage> {
    const next = this.samples.length > 1 ? this.samples.shift() : this.samples[0];
    if (next === undefined) throw new Error('The test gave no sample.');
    return next;
  }

  dataBytes(): Promise<number> {
    return Promise.resolve(this.takenBytes);
  }
}
