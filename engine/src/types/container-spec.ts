import type { ContainerMount } from './container-mounts.ts';
import type { Healthcheck, RestartPolicy } from './container-policies.ts';
import type { ExposedPort, NetworkAttachment, PortPublication } from './network.ts';
import type { ContainerResources, HostDevice, Ulimit } from './container-resources.ts';

/** Of another container, by its id. */
export type ContainerNamespace = `container:${string}`;

/** `bridge`: its own, with an interface on each of the spec's `networks`. */
export type NetworkMode = 'bridge' | 'none' | 'host' | ContainerNamespace;
export type PidMode = 'private' | 'host' | ContainerNamespace;
/** `none`: as `private`, without /dev/shm; only a `shareable` one can be joined. */
export type IpcMode = 'private' | 'shareable' | 'none' | 'host' | ContainerNamespace;
export type UtsMode = 'private' | 'host';
export type CgroupNamespaceMode = 'private' | 'host';

/** The container's ids 0 to `size` - 1 are `hostId` and on, on the host. */
export interface IdMapping {
  readonly hostId: number;
  readonly size: number;
}

/** What a container was asked to be, image defaults already applied. */
export interface ContainerSpec {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly env: readonly string[];
  readonly workingDir: string;
  readonly user: string;
  readonly groups: readonly string[];
  readonly hostname: string;
  readonly domainname: string;
  readonly tty: boolean;
  readonly openStdin: boolean;
  /** False: stdin outlives the client of the Docker API that is attached to it. */
  readonly stdinOnce?: boolean;
  readonly init: boolean;
  readonly readOnlyRootfs: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly mounts: readonly ContainerMount[];
  readonly resources: ContainerResources;
  readonly ulimits: readonly Ulimit[];
  readonly devices: readonly HostDevice[];
  /** As the devices cgroup writes them: `c 10:200 rwm`. */
  readonly deviceRules: readonly string[];
  readonly oomScoreAdj: number;
  readonly privileged: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly noNewPrivileges: boolean;
  /** A profile is JSON in Docker's form. */
  readonly seccomp: 'default' | 'unconfined' | { readonly profile: string };
  /** Name of a loaded profile; null is the host's default, that is none of ours. */
  readonly apparmor: string | null;
  /** Whether the kernel's delicate files are masked and read-only. */
  readonly systemPaths: 'confined' | 'unconfined';
  readonly sysctls: Readonly<Record<string, string>>;
  readonly network: NetworkMode;
  /** Only with the mode `bridge`. Connecting and disconnecting change them. */
  readonly networks: readonly NetworkAttachment[];
  readonly ports: readonly PortPublication[];
  /** The image's and those that were asked for. */
  readonly exposedPorts: readonly ExposedPort[];
  /** All exposed ports that `ports` does not name are published as well. */
  readonly publishAllPorts: boolean;
  readonly pid: PidMode;
  readonly ipc: IpcMode;
  readonly uts: UtsMode;
  readonly cgroup: CgroupNamespaceMode;
  /** A folder in the cgroup hierarchies, relative to their roots; empty is Longshore's own. */
  readonly cgroupParent: string;
  /** Null: ids are the host's. */
  readonly idMapping: IdMapping | null;
  readonly extraHosts: readonly string[];
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
  readonly shmSizeBytes: number;
  readonly stopSignal: string;
  readonly stopTimeoutSeconds: number;
  readonly restart: RestartPolicy;
  readonly healthcheck: Healthcheck | null;
  readonly autoRemove: boolean;
  readonly log: { readonly maxSizeBytes: number; readonly maxFiles: number };
}
