import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ContainerRequestInput } from '../../../contract/index.ts';
import { readEnvFile, resolveEnv } from './env.ts';
import { type MountInput, parseMount, parseTmpfs, parseVolume } from './mounts.ts';
import { collect, parseCpus, parseInteger, parseSize, parseSwap } from './values.ts';

/** The flags that `run` and `create` share, under the names that docker users type. */
export interface ContainerOptions {
  readonly name?: string;
  readonly interactive?: boolean;
  readonly tty?: boolean;
  readonly rm?: boolean;
  readonly init?: boolean;
  readonly readOnly?: boolean;
  readonly entrypoint?: string;
  readonly workdir?: string;
  readonly user?: string;
  readonly groupAdd?: readonly string[];
  readonly hostname?: string;
  readonly domainname?: string;
  readonly env?: readonly string[];
  readonly envFile?: readonly string[];
  readonly label?: readonly string[];
  readonly volume?: readonly MountInput[];
  readonly mount?: readonly MountInput[];
  readonly tmpfs?: readonly MountInput[];
  readonly memory?: number;
  readonly memorySwap?: number;
  readonly memoryReservation?: number;
  readonly cpus?: number;
  readonly cpuShares?: number;
  readonly cpusetCpus?: string;
  readonly cpusetMems?: string;
  readonly pidsLimit?: number;
  readonly ulimit?: readonly string[];
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly securityOpt?: readonly string[];
  readonly network?: 'bridge' | 'none' | 'host';
  readonly addHost?: readonly string[];
  readonly dns?: readonly string[];
  readonly shmSize?: number;
  readonly stopSignal?: string;
  readonly stopTimeout?: number;
}

export function addContainerOptions(command: Command): Command {
  return command
    .option('--name <name>', 'a name; one is made up when left out')
    .option('-i, --interactive', 'keep stdin open')
    .option('-t, --tty', 'give it a terminal')
    .option('--rm', 'remove it when it exits')
    .option('--init', 'run a tiny init that reaps and forwards signals')
    .option('--read-only', 'mount its root file system read-only')
    .option('--entrypoint <command>', "instead of the image's entrypoint; empty for none")
    .option('-w, --workdir <folder>', 'working folder in the container')
    .option('-u, --user <user>', 'user or uid, with an optional :group')
    .option('--group-add <group>', 'one more group (repeatable)', collect)
    .option('-h, --hostname <name>', 'host name of the container')
    .option('--domainname <name>', 'NIS domain name of the container')
    .option('-e, --env <name=value>', 'environment variable (repeatable)', collect)
    .option('--env-file <file>', 'environment variables from a file (repeatable)', collect)
    .option('-l, --label <name=value>', 'label (repeatable)', collect)
    .option('-v, --volume <source:target[:ro]>', 'folder or file of this machine (repeatable)', parseVolume)
    .option('--mount <fields>', 'type=bind|tmpfs,source=...,target=...,readonly (repeatable)', parseMount)
    .option('--tmpfs <target[:size=..]>', 'temporary file system (repeatable)', parseTmpfs)
    .option('-m, --memory <size>', 'memory limit, such as 512m', parseSize)
    .option('--memory-swap <size>', 'memory and swap together; -1 for no limit of swap', parseSwap)
    .option('--memory-reservation <size>', 'soft memory limit', parseSize)
    .option('--cpus <number>', 'processors it may use, such as 1.5', parseCpus)
    .option('-c, --cpu-shares <weight>', 'relative weight of processor time', parseInteger)
    .option('--cpuset-cpus <list>', 'processors it may run on, such as 0-3')
    .option('--cpuset-mems <list>', 'memory nodes it may use')
    .option('--pids-limit <number>', 'processes it may have; -1 for no limit', parseInteger)
    .option('--ulimit <name=soft[:hard]>', 'resource limit of its processes (repeatable)', collect)
    .option('--cap-add <capability>', 'one more capability (repeatable)', collect)
    .option('--cap-drop <capability>', 'one capability less; ALL for none (repeatable)', collect)
    .option('--security-opt <option>', 'no-new-privileges, seccomp=unconfined (repeatable)', collect)
    .addOption(new Option('--network <network>', 'network to join').choices(['bridge', 'none', 'host']))
    .option('--add-host <name:address>', 'one more line of /etc/hosts (repeatable)', collect)
    .option('--dns <address>', 'name server (repeatable)', collect)
    .option('--shm-size <size>', 'size of /dev/shm', parseSize)
    .option('--stop-signal <signal>', 'signal that asks it to stop')
    .option('--stop-timeout <seconds>', 'seconds until it is killed', parseInteger);
}

/** The contract's request for an image, a command and the flags given. Flags left out stay out. */
export function toContainerRequest(
  image: string,
  command: readonly string[],
  options: ContainerOptions,
): ContainerRequestInput {
  const fileEnv = (options.envFile ?? []).flatMap(readEnvFile);
  return omitUndefined({
    image,
    name: options.name,
    entrypoint: toEntrypoint(options.entrypoint),
    command: command.length > 0 ? [...command] : undefined,
    env: resolveEnv([...fileEnv, ...(options.env ?? [])]),
    workingDir: options.workdir,
    user: options.user,
    groups: [...(options.groupAdd ?? [])],
    hostname: options.hostname,
    domainname: options.domainname,
    tty: options.tty ?? false,
    openStdin: options.interactive ?? false,
    init: options.init ?? false,
    readOnlyRootfs: options.readOnly ?? false,
    labels: Object.fromEntries((options.label ?? []).map(splitPair)),
    mounts: [...(options.volume ?? []), ...(options.mount ?? []), ...(options.tmpfs ?? [])],
    resources: toResources(options),
    ulimits: (options.ulimit ?? []).map(parseUlimit),
    capAdd: [...(options.capAdd ?? [])],
    capDrop: [...(options.capDrop ?? [])],
    ...toSecurity(options.securityOpt ?? []),
    network: options.network ?? 'bridge',
    extraHosts: [...(options.addHost ?? [])],
    dns: [...(options.dns ?? [])],
    shmSizeBytes: options.shmSize,
    stopSignal: options.stopSignal,
    stopTimeoutSeconds: options.stopTimeout,
    autoRemove: options.rm ?? false,
  });
}

function toResources(options: ContainerOptions): ContainerRequestInput['resources'] {
  return omitUndefined({
    memoryBytes: options.memory,
    memorySwapBytes: options.memorySwap,
    memoryReservationBytes: options.memoryReservation,
    cpus: options.cpus,
    cpuShares: options.cpuShares,
    cpusetCpus: options.cpusetCpus,
    cpusetMems: options.cpusetMems,
    pidsLimit: options.pidsLimit,
  });
}

/** Docker's rule: the flag takes one word; an empty one resets the image's entrypoint. */
function toEntrypoint(value: string | undefined): string[] | undefined {
  if (value === undefined) return undefined;
  return value === '' ? [] : [value];
}

function toSecurity(options: readonly string[]): {
  noNewPrivileges: boolean;
  seccomp: 'default' | 'unconfined';
} {
  const result: { noNewPrivileges: boolean; seccomp: 'default' | 'unconfined' } = {
    noNewPrivileges: false,
    seccomp: 'default',
  };
  for (const option of options) {
    if (['no-new-privileges', 'no-new-privileges=true', 'no-new-privileges:true'].includes(option)) {
      result.noNewPrivileges = true;
    } else if (option === 'seccomp=unconfined') result.seccomp = 'unconfined';
    else throw new InvalidArgumentError(`--security-opt does not know "${option}"`);
  }
  return result;
}

function parseUlimit(value: string): { name: string; soft: number; hard: number } {
  const [name = '', limits = ''] = value.split('=', 2);
  const [soft = '', hard = soft] = limits.split(':');
  if (name === '' || soft === '') {
    throw new InvalidArgumentError(`"${value}" is no limit: write nofile=1024 or nofile=1024:2048`);
  }
  return { name, soft: parseInteger(soft), hard: parseInteger(hard) };
}

function splitPair(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The contract is strict about absent and undefined: what was not said must be absent. */
function omitUndefined<T extends object>(value: T): Defined<T> {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  // What is filtered out is exactly what Defined<T> makes optional.
  return Object.fromEntries(entries) as Defined<T>;
}
