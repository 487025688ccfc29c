import type { PortPublication, PublishedPort, TerminalSize } from '../types/index.ts';
import type { AssignedAddress, EndpointRequest } from './endpoints.ts';
import type { OciRuntimeSpec } from './oci-spec.ts';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What a container is made of and how it is to be run. */
export interface RunRequest {
  /** 64 hex digits, chosen by the caller. */
  readonly id: string;
  /** `root.path` and `process.user` are placeholders: `rootfs` and `user` say what counts. */
  readonly spec: OciRuntimeSpec;
  readonly rootfs: {
    /** ChainIDs of unpacked layers, lowest first. */
    readonly chainIds: readonly string[];
    readonly readOnly: boolean;
  };
  /** The writable layer need not outlive a crash of the machine: nothing written to it is waited for. */
  readonly volatile: boolean;
  /** `maxSizeBytes` 0 is no limit. */
  readonly log: { readonly maxSizeBytes: number; readonly maxFiles: number };
  /** Empty is no interface but `lo` (or the host's, without a network namespace). */
  readonly networks: readonly EndpointRequest[];
  /** They lead to the container by the network of its default route. A taken one: `conflict`, naming who has it. */
  readonly ports: readonly PortPublication[];
  /** `spec`: what `linux.seccomp` of the spec says. */
  readonly seccomp: 'default' | 'unconfined' | 'spec';
  /** All devices of the machine, besides those of the spec. */
  readonly hostDevices: boolean;
  /** Namespaces of other running containers, in place of new ones. */
  readonly join: readonly JoinedNamespace[];
  readonly identity: IdentityFiles;
  /** As in an image config: empty, `name`, `uid`, `name:group`, `uid:gid`; resolved inside the rootfs. */
  readonly user: string;
  /** Names or gids, besides the user's own groups. */
  readonly groups: readonly string[];
  /** A reaper as PID 1, the command as its child. */
  readonly init: boolean;
  readonly openStdin: boolean;
  /** stdin closes when the first attachment that was writing to it ends. */
  readonly stdinOnce: boolean;
}

export interface JoinedNamespace {
  readonly namespace: 'pid' | 'ipc' | 'network';
  readonly containerId: string;
}

/** /etc/hostname, /etc/hosts and /etc/resolv.conf of a container. */
export interface IdentityFiles {
  readonly hostname: string;
  readonly domainname: string;
  /** `name:address`; the address `host-gateway` is the machine as the container reaches it. */
  readonly extraHosts: readonly string[];
  /** Empty: the host's, loopback ones replaced. */
  readonly dnsServers: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
}

export interface RunResult {
  readonly pid: number;
  /** ISO 8601, nanoseconds. */
  readonly startedAt: string;
  readonly addresses: readonly AssignedAddress[];
  readonly ports: readonly PublishedPort[];
  /** False when it ran already: the call was a repetition. */
  readonly startedNow: boolean;
  /** Defaults, not demands, that this host could not give. */
  readonly warnings: readonly string[];
}

export interface ExecRequest {
  readonly containerId: string;
  /** 64 hex digits, chosen by the caller. */
  readonly execId: string;
  readonly args: readonly string[];
  /** Added to the environment of the container's spec. */
  readonly env: readonly string[];
  /** Empty: the container's; so with `user`. */
  readonly workingDir: string;
  readonly user: string;
  readonly groups: readonly string[];
  readonly terminal: boolean;
  readonly size: TerminalSize | null;
  readonly openStdin: boolean;
  /** End after `ready`; the process runs on and its streams go nowhere. */
  readonly detach: boolean;
  readonly privileged: boolean;
}

export interface AttachRequest {
  readonly containerId: string;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Of a container that does not run: `ready` comes when running it will lose no byte. */
  readonly beforeStart: boolean;
}

export interface ResizeRequest {
  readonly containerId: string;
  /** Null: the container's init. */
  readonly execId: string | null;
  readonly size: TerminalSize;
}

export interface LogQuery {
  readonly id: string;
  readonly follow: boolean;
  /** The last so many lines; null: all. */
  readonly tail: number | null;
  /** ISO 8601; null: no bound. */
  readonly since: string | null;
  readonly until: string | null;
  readonly stdout: boolean;
  readonly stderr: boolean;
}
