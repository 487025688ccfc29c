import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ContainerRequestInput } from '../../../contract/index.ts';
import { omitUndefined, splitPair } from './defined.ts';
import { collect, parseInteger } from './values.ts';

type Device = NonNullable<ContainerRequestInput['devices']>[number];

/** What a container may do, and what it shares with others. */
export interface SecurityOptions {
  readonly privileged?: boolean;
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly securityOpt?: readonly string[];
  readonly sysctl?: readonly string[];
  readonly device?: readonly string[];
  readonly deviceCgroupRule?: readonly string[];
  readonly oomScoreAdj?: number;
  readonly pid?: string;
  readonly ipc?: string;
  readonly uts?: string;
  readonly userns?: 'host' | 'auto';
  readonly cgroupns?: 'private' | 'host';
  readonly cgroupParent?: string;
}

type Request = Pick<
  ContainerRequestInput,
  | 'privileged'
  | 'capAdd'
  | 'capDrop'
  | 'sysctls'
  | 'devices'
  | 'deviceRules'
  | 'oomScoreAdj'
  | 'pid'
  | 'ipc'
  | 'uts'
  | 'users'
  | 'cgroup'
  | 'cgroupParent'
>;
type Security = Pick<ContainerRequestInput, 'noNewPrivileges' | 'seccomp' | 'apparmor' | 'systemPaths'>;

export function addSecurityOptions(command: Command): Command {
  return command
    .option('--privileged', 'all rights on this machine: nothing keeps it in')
    .option('--cap-add <capability>', 'one more capability (repeatable)', collect)
    .option('--cap-drop <capability>', 'one capability less; ALL for none (repeatable)', collect)
    .option(
      '--security-opt <option>',
      'no-new-privileges, seccomp=FILE|unconfined, apparmor=PROFILE, systempaths=unconfined (repeatable)',
      collect,
    )
    .option('--sysctl <name=value>', 'kernel setting of its own namespaces (repeatable)', collect)
    .option('--device <host[:container[:rwm]]>', 'device of this machine (repeatable)', collect)
    .option('--device-cgroup-rule <rule>', 'rule for devices, such as "c 10:200 rwm" (repeatable)', collect)
    .option(
      '--oom-score-adj <score>',
      'who is killed first when memory runs out, -1000 to 1000',
      parseInteger,
    )
    .option('--pid <mode>', 'processes that it sees: private, host or container:NAME')
    .option('--ipc <mode>', 'private, shareable, none, host or container:NAME')
    .addOption(new Option('--uts <mode>', 'whose host name it has').choices(['private', 'host']))
    .addOption(new Option('--userns <mode>', 'auto: ids that nobody else has').choices(['host', 'auto']))
    .addOption(new Option('--cgroupns <mode>', 'which cgroups it sees').choices(['private', 'host']))
    .option('--cgroup-parent <folder>', 'where its cgroup is made');
}

export function toSecurity(options: SecurityOptions): Request & Security {
  return omitUndefined({
    privileged: options.privileged ?? false,
    capAdd: [...(options.capAdd ?? [])],
    capDrop: [...(options.capDrop ?? [])],
    ...securityOptions(options.securityOpt ?? []),
    sysctls: Object.fromEntries((options.sysctl ?? []).map(splitPair)),
    devices: (options.device ?? []).map(parseDevice),
    deviceRules: [...(options.deviceCgroupRule ?? [])],
    oomScoreAdj: options.oomScoreAdj,
    pid: mode(options.pid, ['private', 'host'], '--pid'),
    ipc: mode(options.ipc, ['private', 'shareable', 'none', 'host'], '--ipc'),
    uts: options.uts === 'host' ? ('host' as const) : undefined,
    users: options.userns,
    cgroup: options.cgroupns,
    cgroupParent: options.cgroupParent,
  });
}

/** One of the words, or another container; an empty value is the default, as docker has it. */
export function mode<Word extends string>(
  value: string | undefined,
  words: readonly Word[],
  flag: string,
): Word | `container:${string}` | undefined {
  if (value === undefined || value === '') return undefined;
  const word = words.find((known) => known === value);
  if (word !== undefined) return word;
  const [kind, name = ''] = value.split(':', 2);
  if (kind === 'container' && name !== '') return `container:${name}`;
  throw new InvalidArgumentError(`${flag} is ${words.join(', ')} or container:NAME, not "${value}"`);
}

function securityOptions(options: readonly string[]): Security {
  return Object.assign({}, ...options.map(securityOption)) as Security;
}

/** Docker takes `key=value` and, as it once was, `key:value`. */
function securityOption(option: string): Security {
  const [, key = option, value = ''] = /^([a-z-]+)[=:](.*)$/.exec(option) ?? [];
  if (key === 'no-new-privileges' && ['', 'true', 'false'].includes(value)) {
    return { noNewPrivileges: value !== 'false' };
  }
  if (key === 'seccomp' && value !== '') return { seccomp: seccomp(value) };
  if (key === 'apparmor' && value !== '') return { apparmor: value };
  if (key === 'systempaths' && value === 'unconfined') return { systemPaths: 'unconfined' };
  // Confinement by SELinux is not there to be switched off.
  if (key === 'label' && value === 'disable') return {};
  throw new InvalidArgumentError(`--security-opt does not know "${option}"`);
}

function seccomp(value: string): NonNullable<Security['seccomp']> {
  if (value === 'unconfined') return 'unconfined';
  if (value === 'builtin' || value === 'default') return 'default';
  try {
    return { profile: readFileSync(value, 'utf8') };
  } catch (error) {
    throw new InvalidArgumentError(
      `the seccomp profile ${value} cannot be read (${error instanceof Error ? error.message : 'unknown'})`,
    );
  }
}

/** `/dev/fuse`, `/dev/fuse:/dev/other`, `/dev/fuse:r` or all three. */
function parseDevice(value: string): Device {
  const [hostPath = '', second = '', third = ''] = value.split(':');
  const isPermissions = third === '' && /^[rwm]+$/.test(second);
  const containerPath = isPermissions || second === '' ? hostPath : second;
  const permissions = isPermissions ? second : third;
  return { hostPath, containerPath, permissions: permissions === '' ? 'rwm' : permissions };
}
