import type { ContainerRequestInput } from '../../contract/index.ts';
import { DockerError } from '../server/failure.ts';
import type { HostConfig } from './container-settings.ts';

type Security = Partial<ContainerRequestInput>;

/** Capabilities, options of `--security-opt`, and the namespaces that are shared. */
export function securityRequest(host: HostConfig): Security {
  return {
    privileged: host.Privileged ?? false,
    capAdd: host.CapAdd ?? [],
    capDrop: host.CapDrop ?? [],
    groups: host.GroupAdd ?? [],
    readOnlyRootfs: host.ReadonlyRootfs ?? false,
    // An empty list, as against none, is docker's `systempaths=unconfined`.
    ...(host.MaskedPaths?.length === 0 && { systemPaths: 'unconfined' }),
    ...(host.SecurityOpt ?? []).reduce<Security>(
      (all, option) => ({ ...all, ...securityOption(option ?? '') }),
      {},
    ),
    ...namespaces(host),
  };
}

function securityOption(option: string): Security {
  const separator = option.includes('=') ? '=' : ':';
  const at = option.indexOf(separator);
  const name = at === -1 ? option : option.slice(0, at);
  const value = at === -1 ? '' : option.slice(at + 1);
  switch (name) {
    case 'no-new-privileges':
      return { noNewPrivileges: value !== 'false' };
    case 'seccomp':
      if (value === 'unconfined') return { seccomp: 'unconfined' };
      return value === '' || value === 'builtin' ? {} : { seccomp: { profile: value } };
    case 'apparmor':
      return { apparmor: value };
    case 'systempaths':
      if (value === 'unconfined') return { systemPaths: 'unconfined' };
      break;
    case 'label':
      // SELinux does not confine these containers: to take its label away is what is the case.
      if (value === 'disable') return {};
  }
  throw new DockerError(400, `invalid --security-opt: ${JSON.stringify(option.slice(0, 200))}`);
}

function namespaces(host: HostConfig): Security {
  const { PidMode, IpcMode, UTSMode, UsernsMode, CgroupnsMode, CgroupParent } = host;
  return {
    ...(PidMode && { pid: namespaceMode(PidMode, ['host', 'private'], 'PID mode') }),
    ...(IpcMode && { ipc: namespaceMode(IpcMode, ['host', 'private', 'shareable', 'none'], 'IPC mode') }),
    ...(UTSMode && { uts: oneOf(UTSMode, ['host'], 'UTS mode') }),
    ...(UsernsMode && { users: oneOf(UsernsMode, ['host'], 'USER mode') }),
    ...(CgroupnsMode && { cgroup: oneOf(CgroupnsMode, ['host', 'private'], 'cgroup namespace mode') }),
    ...(CgroupParent && { cgroupParent: CgroupParent }),
  };
}

function oneOf<const Word extends string>(mode: string, words: readonly Word[], what: string): Word {
  const known = words.find((word) => word === mode);
  if (known !== undefined) return known;
  throw new DockerError(400, `invalid ${what}: ${mode.slice(0, 100)}`);
}

/** One of the words, or the namespace of another container. */
function namespaceMode<const Word extends string>(
  mode: string,
  words: readonly Word[],
  what: string,
): Word | `container:${string}` {
  const [, container = ''] = /^container:(.+)$/.exec(mode) ?? [];
  return container === '' ? oneOf(mode, words, what) : `container:${container}`;
}
