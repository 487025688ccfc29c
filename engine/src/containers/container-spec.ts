import type { ContainerRequest } from '../contract/index.ts';
import { EngineError } from '../errors/index.ts';
import { signalNumber } from '../runtime/index.ts';
import type { ContainerResources, ContainerSpec, Ulimit } from '../types/index.ts';
import { normaliseCapabilities } from './capabilities.ts';
import { mergeCommand } from './command.ts';
import { mergeEnv } from './env.ts';
import type { ContainerImage } from './image-source.ts';
import { checkMounts } from './mounts.ts';
import { rlimitType } from './rlimits.ts';

/** Docker's default: the size of /dev/shm. */
const SHM_SIZE_BYTES = 64 * 1024 * 1024;
const STOP_TIMEOUT_SECONDS = 10;
/** Three files of 20 MB: a container that talks all day must not fill the disk. */
const LOG_POLICY = { maxSizeBytes: 20 * 1024 * 1024, maxFiles: 3 };
/** Docker's default host name is the short form of the id. */
const SHORT_ID_LENGTH = 12;

/** What is asked, over what the image says, over the defaults; refuses what can never run. */
export function containerSpec(id: string, request: ContainerRequest, image: ContainerImage): ContainerSpec {
  checkMounts(request.mounts);
  checkUlimits(request.ulimits);
  return {
    ...mergeCommand(definedCommand(request), image.config),
    env: mergeEnv(image.config.env, request.env),
    workingDir: request.workingDir ?? (image.config.workingDir || '/'),
    user: request.user ?? image.config.user,
    groups: request.groups,
    hostname: request.hostname ?? id.slice(0, SHORT_ID_LENGTH),
    domainname: request.domainname ?? '',
    tty: request.tty,
    openStdin: request.openStdin,
    init: request.init,
    readOnlyRootfs: request.readOnlyRootfs,
    labels: { ...image.config.labels, ...request.labels },
    mounts: request.mounts,
    resources: containerResources(request.resources),
    ulimits: request.ulimits,
    capAdd: normaliseCapabilities(request.capAdd),
    capDrop: normaliseCapabilities(request.capDrop),
    noNewPrivileges: request.noNewPrivileges,
    seccomp: request.seccomp,
    network: request.network,
    extraHosts: request.extraHosts.map(checkedExtraHost),
    dns: request.dns,
    shmSizeBytes: request.shmSizeBytes ?? SHM_SIZE_BYTES,
    stopSignal: stopSignal(request.stopSignal, image.config.stopSignal),
    stopTimeoutSeconds: request.stopTimeoutSeconds ?? STOP_TIMEOUT_SECONDS,
    autoRemove: request.autoRemove,
    log: request.log ?? LOG_POLICY,
  };
}

function definedCommand(request: ContainerRequest): Parameters<typeof mergeCommand>[0] {
  return {
    ...(request.entrypoint !== undefined && { entrypoint: request.entrypoint }),
    ...(request.command !== undefined && { command: request.command }),
  };
}

function containerResources(asked: ContainerRequest['resources']): ContainerResources {
  const { memoryBytes, memorySwapBytes, memoryReservationBytes } = asked;
  if (memorySwapBytes !== undefined && memorySwapBytes !== -1) {
    if (memoryBytes === undefined) invalid('A limit on memory plus swap needs a limit on memory.', 'memory');
    if (memorySwapBytes < memoryBytes) invalid('Memory plus swap cannot be less than memory.', 'memory');
  }
  if (
    memoryReservationBytes !== undefined &&
    memoryBytes !== undefined &&
    memoryReservationBytes > memoryBytes
  ) {
    invalid('The memory reservation cannot be more than the memory limit.', 'memory');
  }
  return {
    memoryBytes: limitOrNull(memoryBytes),
    memorySwapBytes: memorySwapBytes ?? null,
    memoryReservationBytes: limitOrNull(memoryReservationBytes),
    cpus: asked.cpus ?? null,
    cpuShares: asked.cpuShares ?? null,
    cpusetCpus: asked.cpusetCpus ?? null,
    cpusetMems: asked.cpusetMems ?? null,
    pidsLimit: asked.pidsLimit === -1 ? null : limitOrNull(asked.pidsLimit),
  };
}

/** Docker's zero is "no limit". */
function limitOrNull(value: number | undefined): number | null {
  return value === undefined || value === 0 ? null : value;
}

function checkUlimits(ulimits: readonly Ulimit[]): void {
  for (const { name, soft, hard } of ulimits) {
    rlimitType(name);
    if (hard !== -1 && (soft === -1 || soft > hard)) {
      invalid(`The soft limit of ${name} cannot be more than its hard limit.`, name);
    }
  }
}

function checkedExtraHost(entry: string): string {
  if (/^[^\s:]+:\S+$/.test(entry)) return entry;
  return invalid(`"${entry}" is not an extra host: it is written NAME:ADDRESS.`, entry);
}

function stopSignal(asked: string | undefined, image: string | null): string {
  const signal = asked ?? image ?? 'SIGTERM';
  if (signalNumber(signal) !== null) return signal;
  return invalid(`There is no signal "${signal}".`, signal);
}

function invalid(message: string, path: string): never {
  throw new EngineError('invalid-argument', message, { detail: { path } });
}
