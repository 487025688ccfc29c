import type { ContainerRequest } from '../../contract/index.ts';
import type { BlockIoLimits, ContainerResources } from '../../types/index.ts';
import { refused } from './refused.ts';

type Asked = ContainerRequest['resources'];

export const NO_LIMITS: ContainerResources = {
  memoryBytes: null,
  memorySwapBytes: null,
  memoryReservationBytes: null,
  memorySwappiness: null,
  oomKillDisable: false,
  cpus: null,
  cpuQuotaUs: null,
  cpuPeriodUs: null,
  cpuShares: null,
  cpusetCpus: null,
  cpusetMems: null,
  pidsLimit: null,
  blockIo: { weight: null, weightDevices: [], readBps: [], writeBps: [], readIops: [], writeIops: [] },
};

/** The limits of `before` with the asked ones over them; contradictions are refused. */
export function mergeResources(asked: Asked, before: ContainerResources = NO_LIMITS): ContainerResources {
  const merged: ContainerResources = {
    memoryBytes: limit(asked.memoryBytes, before.memoryBytes),
    memorySwapBytes: limit(asked.memorySwapBytes, before.memorySwapBytes),
    memoryReservationBytes: limit(asked.memoryReservationBytes, before.memoryReservationBytes),
    memorySwappiness: unlessMinusOne(asked.memorySwappiness, before.memorySwappiness),
    oomKillDisable: asked.oomKillDisable ?? before.oomKillDisable,
    ...processorTime(asked, before),
    cpuShares: limit(asked.cpuShares, before.cpuShares),
    cpusetCpus: list(asked.cpusetCpus, before.cpusetCpus),
    cpusetMems: list(asked.cpusetMems, before.cpusetMems),
    pidsLimit: limit(unlessMinusOne(asked.pidsLimit, before.pidsLimit) ?? undefined, null),
    blockIo: mergeBlockIo(asked.blockIo ?? {}, before.blockIo),
  };
  checkMemory(merged);
  return merged;
}

function checkMemory({ memoryBytes, memorySwapBytes, memoryReservationBytes }: ContainerResources): void {
  if (memorySwapBytes !== null && memorySwapBytes !== -1) {
    if (memoryBytes === null) {
      refused('A limit on memory plus swap (--memory-swap) needs a limit on memory (--memory).', 'memory');
    }
    if (memorySwapBytes < memoryBytes) {
      refused('Memory plus swap (--memory-swap) cannot be less than memory (--memory).', 'memory');
    }
  }
  if (memoryReservationBytes !== null && memoryBytes !== null && memoryReservationBytes > memoryBytes) {
    refused('The reservation (--memory-reservation) cannot be more than the limit (--memory).', 'memory');
  }
}

/** Whole processors, or quota and period: one says what the other says. */
function processorTime(
  asked: Asked,
  before: ContainerResources,
): Pick<ContainerResources, 'cpus' | 'cpuQuotaUs' | 'cpuPeriodUs'> {
  const { cpus, cpuQuotaUs, cpuPeriodUs } = asked;
  if (cpus !== undefined && cpus > 0) {
    if (cpuQuotaUs !== undefined || cpuPeriodUs !== undefined) {
      refused('--cpus already says what --cpu-quota and --cpu-period say: give one or the other.', 'cpus');
    }
    return { cpus, cpuQuotaUs: null, cpuPeriodUs: null };
  }
  const none = { cpus: null, cpuQuotaUs: null, cpuPeriodUs: null };
  if (cpuQuotaUs === undefined && cpuPeriodUs === undefined) {
    // Only these three: the caller spreads the answer over the other limits.
    const kept = { cpus: before.cpus, cpuQuotaUs: before.cpuQuotaUs, cpuPeriodUs: before.cpuPeriodUs };
    return cpus === 0 ? none : kept;
  }
  const quota = cpuQuotaUs ?? before.cpuQuotaUs ?? undefined;
  return {
    cpus: null,
    cpuQuotaUs: quota === undefined || quota <= 0 ? null : quota,
    cpuPeriodUs: cpuPeriodUs ?? before.cpuPeriodUs,
  };
}

function mergeBlockIo(asked: NonNullable<Asked['blockIo']>, before: BlockIoLimits): BlockIoLimits {
  return {
    weight: limit(asked.weight, before.weight),
    weightDevices: asked.weightDevices ?? before.weightDevices,
    readBps: asked.readBps ?? before.readBps,
    writeBps: asked.writeBps ?? before.writeBps,
    readIops: asked.readIops ?? before.readIops,
    writeIops: asked.writeIops ?? before.writeIops,
  };
}

/** Docker's zero is "no limit". */
function limit(asked: number | undefined, before: number | null): number | null {
  if (asked === undefined) return before;
  return asked === 0 ? null : asked;
}

function list(asked: string | undefined, before: string | null): string | null {
  if (asked === undefined) return before;
  return asked === '' ? null : asked;
}

/** Docker's -1 is "as without this flag". */
function unlessMinusOne(asked: number | undefined, before: number | null): number | null {
  if (asked === undefined) return before;
  return asked === -1 ? null : asked;
}
