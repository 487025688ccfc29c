import type { ContainerRequest } from '../../contract/index.ts';
import { signalNumber } from '../../runtime/index.ts';
import type { ContainerMount, ContainerSpec, IdMapping } from '../../types/index.ts';
import type { ContainerImage } from '../image-source.ts';
import { normaliseCapabilities } from './capabilities.ts';
import { cgroupParent } from './cgroup-parent.ts';
import { mergeCommand } from './command.ts';
import { mergeEnv } from './env.ts';
import { allocateIds } from './id-mappings.ts';
import { checkDevices } from './mounts.ts';
import type { NetworkSource } from '../../networks/index.ts';
import { networking } from './networking.ts';
import { type FindPeer, namespaceModes, peerOf } from './namespaces.ts';
import { checkRestart, healthcheck } from './policies.ts';
import { refused } from './refused.ts';
import { mergeResources } from './resources.ts';
import { checkSeccompProfile } from './seccomp-profile.ts';
import { checkSysctls } from './sysctls.ts';
import { checkUlimits } from './ulimits.ts';

/** Docker's default: the size of /dev/shm. */
const SHM_SIZE_BYTES = 64 * 1024 * 1024;
const STOP_TIMEOUT_SECONDS = 10;
/** Three files of 20 MB: a container that talks all day must not fill the disk. */
const LOG_POLICY = { maxSizeBytes: 20 * 1024 * 1024, maxFiles: 3 };
/** Docker's default host name is the short form of the id. */
const SHORT_ID_LENGTH = 12;

/** What a container's spec depends on, besides what is asked. */
export interface Surroundings {
  readonly image: ContainerImage;
  readonly mounts: readonly ContainerMount[];
  readonly find: FindPeer;
  readonly networks: Pick<NetworkSource, 'find'>;
  /** Of all other containers. */
  readonly idMappings: () => readonly IdMapping[];
  readonly machineName: string;
}

/** What is asked, over what the image says, over the defaults; refuses what can never run. */
export function containerSpec(id: string, request: ContainerRequest, around: Surroundings): ContainerSpec {
  checkDevices(request.devices);
  checkUlimits(request.ulimits);
  checkRestart(request);
  if (typeof request.seccomp === 'object') checkSeccompProfile(request.seccomp.profile);
  const { config } = around.image;
  const spec: ContainerSpec = {
    ...mergeCommand(definedCommand(request), config),
    ...settingsAsAsked(request),
    ...namespaceModes(request, around.find),
    ...networking(request, around),
    ...security(request),
    mounts: around.mounts,
    env: mergeEnv(config.env, request.env),
    workingDir: request.workingDir ?? (config.workingDir || '/'),
    user: request.user ?? config.user,
    hostname: hostname(id, request, around),
    labels: { ...config.labels, ...request.labels },
    resources: mergeResources(request.resources),
    cgroupParent: cgroupParent(request.cgroupParent),
    idMapping: request.users === 'auto' ? allocateIds(around.idMappings()) : null,
    extraHosts: request.extraHosts.map(checkedExtraHost),
    stopSignal: stopSignal(request.stopSignal, config.stopSignal),
    healthcheck: healthcheck(request.healthcheck, config.healthcheck),
  };
  checkSysctls(spec);
  return spec;
}

/** What goes over as it is, or with a plain default. */
function settingsAsAsked(request: ContainerRequest) {
  return {
    groups: request.groups,
    domainname: request.domainname ?? '',
    tty: request.tty,
    openStdin: request.openStdin,
    ...(request.stdinOnce !== undefined && { stdinOnce: request.stdinOnce }),
    init: request.init,
    readOnlyRootfs: request.readOnlyRootfs,
    annotations: request.annotations,
    ulimits: request.ulimits,
    devices: request.devices,
    deviceRules: request.deviceRules,
    oomScoreAdj: request.oomScoreAdj,
    sysctls: request.sysctls,
    dns: request.dns,
    dnsSearch: request.dnsSearch,
    dnsOptions: request.dnsOptions,
    shmSizeBytes: request.shmSizeBytes ?? SHM_SIZE_BYTES,
    stopTimeoutSeconds: request.stopTimeoutSeconds ?? STOP_TIMEOUT_SECONDS,
    restart: request.restart,
    autoRemove: request.autoRemove,
    log: request.log ?? LOG_POLICY,
  } satisfies Partial<ContainerSpec>;
}

function security(request: ContainerRequest) {
  return {
    privileged: request.privileged,
    capAdd: normaliseCapabilities(request.capAdd),
    capDrop: normaliseCapabilities(request.capDrop),
    noNewPrivileges: request.noNewPrivileges,
    seccomp: request.seccomp,
    apparmor: request.apparmor ?? null,
    systemPaths: request.systemPaths,
  } satisfies Partial<ContainerSpec>;
}

/** Docker's rule: the machine's where its name or its network is shared, the other container's where that is. */
function hostname(id: string, request: ContainerRequest, { find, machineName }: Surroundings): string {
  if (request.hostname !== undefined) return request.hostname;
  const peer = peerOf(request.network);
  if (peer !== null) return find(peer).spec.hostname;
  const isMachines = request.uts === 'host' || request.network === 'host';
  return isMachines ? machineName : id.slice(0, SHORT_ID_LENGTH);
}

function definedCommand(request: ContainerRequest): Parameters<typeof mergeCommand>[0] {
  return {
    ...(request.entrypoint !== undefined && { entrypoint: request.entrypoint }),
    ...(request.command !== undefined && { command: request.command }),
  };
}

function checkedExtraHost(entry: string): string {
  if (/^[^\s:]+:\S+$/.test(entry)) return entry;
  return refused(`"${entry}" is not an extra host: it is written NAME:ADDRESS.`, entry);
}

function stopSignal(asked: string | undefined, image: string | null): string {
  const signal = asked ?? image ?? 'SIGTERM';
  if (signalNumber(signal) !== null) return signal;
  return refused(`There is no signal "${signal}".`, signal);
}
