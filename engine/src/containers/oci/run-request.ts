import {
  DEFAULT_NETWORK_ID,
  type EndpointRequest,
  type JoinedNamespace,
  type RunRequest,
} from '../../runtime/index.ts';
import type { ContainerSpec } from '../../types/index.ts';
import { publications } from '../networking/ports.ts';
import type { ContainerRecord } from '../record.ts';
import { peerOf } from '../spec/namespaces.ts';
import type { Devices } from './devices.ts';
import { type HostTraits, runtimeSpec, seccompOf } from './runtime-spec.ts';

/** What the runtime is asked for when a container starts. */
export function runRequest(
  record: ContainerRecord,
  host: HostTraits,
  devices: Devices,
  networks: readonly EndpointRequest[],
): RunRequest {
  const { id, spec } = record;
  return {
    id,
    spec: runtimeSpec(id, spec, host, devices),
    rootfs: { chainIds: record.chainIds, readOnly: spec.readOnlyRootfs },
    volatile: spec.autoRemove,
    log: spec.log,
    networks,
    ports: publications(spec),
    seccomp: seccompOf(spec),
    hostDevices: spec.privileged,
    join: joined(spec),
    identity: {
      hostname: spec.hostname,
      domainname: spec.domainname,
      extraHosts: [...spec.extraHosts, ...hostNames(spec)],
      dnsServers: spec.dns,
      dnsSearch: spec.dnsSearch,
      dnsOptions: spec.dnsOptions,
    },
    user: spec.user,
    groups: spec.groups,
    init: spec.init,
    openStdin: spec.openStdin,
    // Docker's rule: a terminal stays open for the next who attaches.
    stdinOnce: spec.openStdin && !spec.tty,
  };
}

/** What this machine is called by containers. Where names are looked up, the resolver knows them. */
const HOST_NAMES = ['host.docker.internal', 'host.longshore.internal'];

function hostNames({ networks, extraHosts }: ContainerSpec): readonly string[] {
  if (!networks.some(({ network }) => network.id === DEFAULT_NETWORK_ID)) return [];
  const given = new Set(extraHosts.map((entry) => entry.split(':', 1)[0]));
  return HOST_NAMES.filter((name) => !given.has(name)).map((name) => `${name}:host-gateway`);
}

function joined({ network, pid, ipc }: ContainerSpec): readonly JoinedNamespace[] {
  return Object.entries({ network, pid, ipc } as const).flatMap(([namespace, mode]) => {
    const containerId = peerOf(mode);
    // The keys are those of the object above.
    return containerId === null
      ? []
      : [{ namespace: namespace as JoinedNamespace['namespace'], containerId }];
  });
}
