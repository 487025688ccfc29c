import type { ContainerRequest } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import type { ContainerNamespace, ContainerSpec } from '../../types/index.ts';
import { refused } from './refused.ts';

/** Another container, as far as its namespaces matter. */
export interface Peer {
  readonly id: string;
  readonly name: string;
  readonly spec: ContainerSpec;
}

/** Finds a container by name or id; fails `not-found`. */
export type FindPeer = (nameOrId: string) => Peer;

type Modes = Pick<ContainerSpec, 'network' | 'pid' | 'ipc' | 'uts' | 'cgroup'>;

const PREFIX = 'container:';

/** The asked modes with other containers by their ids; what contradicts itself is refused. */
export function namespaceModes(request: ContainerRequest, find: FindPeer): Modes {
  const modes: Modes = {
    network: byId(request.network, find),
    pid: byId(request.pid, find),
    ipc: byId(request.ipc, find),
    uts: request.uts,
    cgroup: request.cgroup,
  };
  checkIpc(modes.ipc, find);
  checkNames(request, modes);
  if (request.users === 'auto') checkOwnUsers(request, modes);
  return modes;
}

/** The id of the container that a mode names; null when it names none. */
export function peerOf(mode: string): string | null {
  return mode.startsWith(PREFIX) ? mode.slice(PREFIX.length) : null;
}

function byId<Mode extends string>(mode: Mode, find: FindPeer): Mode | ContainerNamespace {
  const name = peerOf(mode);
  return name === null ? mode : `${PREFIX}${find(name).id}`;
}

function checkIpc(mode: ContainerSpec['ipc'], find: FindPeer): void {
  const id = peerOf(mode);
  if (id === null) return;
  const { name, spec } = find(id);
  if (spec.ipc === 'shareable' || spec.ipc === 'host') return;
  throw new EngineError('failed-precondition', `The IPC namespace of ${name} cannot be shared.`, {
    detail: { step: 'settings', path: mode },
    hint: `Make ${name} with --ipc shareable.`,
  });
}

/** Names belong to the namespaces that carry them. */
function checkNames(request: ContainerRequest, { network, uts }: Modes): void {
  const shared = peerOf(network) !== null;
  const conflict = (flag: string, other: string): never =>
    refused(`${flag} says what ${other} already decides: give one or the other.`, flag);
  if (request.hostname !== undefined && uts === 'host') conflict('--hostname', '--uts host');
  if (request.hostname !== undefined && shared) conflict('--hostname', `--network ${request.network}`);
  if (!shared) return;
  if (request.dns.length + request.dnsSearch.length + request.dnsOptions.length > 0) {
    conflict('--dns', `--network ${request.network}`);
  }
  if (request.extraHosts.length > 0) conflict('--add-host', `--network ${request.network}`);
}

function checkOwnUsers(request: ContainerRequest, modes: Modes): void {
  if (request.privileged) {
    refused('A privileged container has the ids of the host: leave out --privileged or --userns.', 'users');
  }
  for (const kind of ['network', 'pid', 'ipc', 'uts'] as const) {
    if (modes[kind] === 'host' || peerOf(modes[kind]) !== null) {
      refused(`A container with ids of its own (--userns auto) cannot share --${kind} ${modes[kind]}.`, kind);
    }
  }
}
