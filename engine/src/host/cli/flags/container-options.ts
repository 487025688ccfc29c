import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ContainerRequestInput } from '../../../contract/index.ts';
import { omitUndefined, splitPair } from './defined.ts';
import { readEnvFile, resolveEnv } from './env.ts';
import { type MountInput, parseMount, parseTmpfs, parseVolume } from './mounts.ts';
import { addNetworkOptions, type NetworkOptions, toNetworking } from './network-options.ts';
import { addPolicyOptions, type PolicyOptions, toPolicies } from './policy-options.ts';
import { addResourceOptions, type ResourceOptions, toResources } from './resource-options.ts';
import { addSecurityOptions, type SecurityOptions, toSecurity } from './security-options.ts';
import { collect, parseInteger, parsePlatform, parseSize } from './values.ts';
import { parseVolumesFrom, type VolumesFromInput } from './volumes.ts';

/** The flags that `run` and `create` share, under the names that docker users type. */
export interface ContainerOptions extends ResourceOptions, SecurityOptions, PolicyOptions, NetworkOptions {
  readonly name?: string;
  readonly platform?: ReturnType<typeof parsePlatform>;
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
  readonly volumesFrom?: readonly VolumesFromInput[];
  readonly ulimit?: readonly string[];
  readonly annotation?: readonly string[];
  readonly shmSize?: number;
  readonly stopSignal?: string;
  readonly stopTimeout?: number;
}

export function addContainerOptions(command: Command): Command {
  return addPolicyOptions(
    addNetworkOptions(addSecurityOptions(addResourceOptions(addBasicOptions(command)))),
  );
}

function addBasicOptions(command: Command): Command {
  return command
    .option('--name <name>', 'a name; one is made up when left out')
    .option('--platform <platform>', 'such as linux/arm64', parsePlatform)
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
    .option(
      '-v, --volume <[source:]target[:ro]>',
      'a volume by name, a folder or file of this machine by path, or a new volume (repeatable)',
      parseVolume,
    )
    .option(
      '--mount <fields>',
      'type=bind|volume|tmpfs,source=..,target=..,readonly (repeatable)',
      parseMount,
    )
    .option(
      '--volumes-from <container[:ro]>',
      'all that another container mounts (repeatable)',
      parseVolumesFrom,
    )
    .addOption(new Option('--volume-driver <driver>', 'who keeps new volumes').choices(['local']))
    .option('--tmpfs <target[:size=..]>', 'temporary file system (repeatable)', parseTmpfs)
    .option('--ulimit <name=soft[:hard]>', 'resource limit of its processes (repeatable)', collect)
    .option('--annotation <name=value>', 'annotation for the runtime (repeatable)', collect)
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
    platform: options.platform,
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
    volumesFrom: [...(options.volumesFrom ?? [])],
    mounts: [...(options.volume ?? []), ...(options.mount ?? []), ...(options.tmpfs ?? [])],
    resources: toResources(options),
    ulimits: (options.ulimit ?? []).map(parseUlimit),
    ...toSecurity(options),
    ...toPolicies(options),
    ...toNetworking(options),
    annotations: Object.fromEntries((options.annotation ?? []).map(splitPair)),
    shmSizeBytes: options.shmSize,
    stopSignal: options.stopSignal,
    stopTimeoutSeconds: options.stopTimeout,
    autoRemove: options.rm ?? false,
  });
}

/** Docker's rule: the flag takes one word; an empty one resets the image's entrypoint. */
function toEntrypoint(value: string | undefined): string[] | undefined {
  if (value === undefined) return undefined;
  return value === '' ? [] : [value];
}

export function parseUlimit(value: string): { name: string; soft: number; hard: number } {
  const [name = '', limits = ''] = value.split('=', 2);
  const [soft = '', hard = soft] = limits.split(':');
  if (name === '' || soft === '') {
    throw new InvalidArgumentError(`"${value}" is no limit: write nofile=1024 or nofile=1024:2048`);
  }
  return { name, soft: parseInteger(soft), hard: parseInteger(hard) };
}
