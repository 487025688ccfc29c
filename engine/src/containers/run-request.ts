import type { RunRequest } from '../runtime/index.ts';
import type { ContainerRecord } from './record.ts';
import { type HostTraits, runtimeSpec } from './runtime-spec.ts';

/** What the runtime is asked for when a container starts. */
export function runRequest(record: ContainerRecord, host: HostTraits): RunRequest {
  const { id, spec } = record;
  return {
    id,
    spec: runtimeSpec(id, spec, host),
    rootfs: { chainIds: record.chainIds, readOnly: spec.readOnlyRootfs },
    log: spec.log,
    networks: spec.network === 'bridge' ? ['bridge'] : [],
    seccomp: spec.seccomp,
    identity: {
      hostname: spec.hostname,
      domainname: spec.domainname,
      extraHosts: spec.extraHosts,
      dnsServers: spec.dns,
    },
    user: spec.user,
    groups: spec.groups,
    init: spec.init,
    openStdin: spec.openStdin,
    // Docker's rule: a terminal stays open for the next who attaches.
    stdinOnce: spec.openStdin && !spec.tty,
  };
}
