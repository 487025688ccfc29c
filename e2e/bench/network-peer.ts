/** An engine whose networks are measured: containers of busybox on one network that has names. */
export interface NetworkPeer extends AsyncDisposable {
  readonly name: string;
  /** What stands before a command so that it runs on the machine that the engine's containers run on. */
  readonly onMachine: readonly string[];
  /** Runs it, with this machine's files at /host (iperf3 writes to its /tmp), and answers once it is under way. */
  run(name: string, command: readonly string[], ports?: readonly PortRange[]): Promise<void>;
  /** Standard output of a command in a container; fails when it does. */
  exec(name: string, command: readonly string[]): Promise<string>;
  remove(name: string): Promise<void>;
  /** Create, start, wait and remove of `true`. */
  life(network: 'none' | 'bridge'): Promise<void>;
}

/** Ports of the machine that lead to the same ones of the container. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** As docker and podman take them. */
export function publishWords(ranges: readonly PortRange[]): readonly string[] {
  return ranges.flatMap(({ first, last }) => {
    const ports = first === last ? `${first}` : `${first}-${last}`;
    return ['-p', `${ports}:${ports}`];
  });
}
