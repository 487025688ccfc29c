import { randomUUID } from 'node:crypto';
import type { OciRuntimeSpec, RunRequest, RunResult } from '../../runtime/index.ts';
import type * as wire from '../generated/longshore/agent/v1/runtime.ts';
import { fromWireAddress, fromWirePort, toWireEndpoint, toWirePublication } from './network.ts';
import { isoFromUnixNs } from './time.ts';

/** RLIM_INFINITY as runtime-spec has it: a number that a double cannot hold. */
const RLIM_INFINITY = '18446744073709551615';

export function toWireRun(request: RunRequest): wire.RunRequest {
  const { identity } = request;
  return {
    id: request.id,
    ociSpec: Buffer.from(specJson(request.spec)),
    rootfs: { chainIds: [...request.rootfs.chainIds], readOnly: request.rootfs.readOnly },
    volatile: request.volatile,
    log: { maxSizeBytes: BigInt(request.log.maxSizeBytes), maxFiles: request.log.maxFiles },
    networks: request.networks.map(toWireEndpoint),
    // Empty is the spec's own.
    seccompProfile: request.seccomp === 'spec' ? '' : request.seccomp,
    hostDevices: request.hostDevices,
    ports: request.ports.map(toWirePublication),
    join: request.join.map(({ namespace, containerId }) => ({ namespace, containerId })),
    identity: {
      hostname: identity.hostname,
      domainname: identity.domainname,
      extraHosts: [...identity.extraHosts],
      dnsServers: [...identity.dnsServers],
      dnsSearch: [...identity.dnsSearch],
      dnsOptions: [...identity.dnsOptions],
    },
    user: request.user,
    additionalGroups: [...request.groups],
    init: request.init,
    openStdin: request.openStdin,
    stdinOnce: request.stdinOnce,
  };
}

export function fromWireRun(response: wire.RunResponse): RunResult {
  return {
    pid: response.pid,
    startedAt: isoFromUnixNs(response.startedAtUnixNs),
    addresses: response.addresses.map(fromWireAddress),
    ports: response.ports.map(fromWirePort),
    startedNow: response.startedNow,
    warnings: response.warnings,
  };
}

/** JSON.stringify writes Infinity as null; a mark that nobody can guess is put in its place, then the number. */
function specJson(spec: OciRuntimeSpec): string {
  const unlimited = spec.process.rlimits.some(({ soft, hard }) => soft === Infinity || hard === Infinity);
  if (!unlimited) return JSON.stringify(spec);
  const mark = randomUUID();
  const marked = JSON.stringify(spec, (_, value: unknown) => (value === Infinity ? mark : value));
  return marked.replaceAll(`"${mark}"`, RLIM_INFINITY);
}
