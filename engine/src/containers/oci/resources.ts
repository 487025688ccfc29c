import type { OciResources } from '../../runtime/index.ts';
import type { ContainerResources } from '../../types/index.ts';

/** The length of a CFS period in microseconds, the kernel's and Docker's default. */
const CPU_PERIOD_US = 100_000;

/**
 * Limits as the runtime spec has them, without those of devices. Without a demand, memory plus swap is limited to twice
 * the memory, as Docker does it, where the host can enforce that at all.
 */
export function ociResources(asked: ContainerResources, swapAccounting: boolean): OciResources {
  const memory = memoryLimits(asked, swapAccounting);
  const cpu = cpuLimits(asked);
  return {
    ...(Object.keys(memory).length > 0 && { memory }),
    ...(Object.keys(cpu).length > 0 && { cpu }),
    ...(asked.pidsLimit !== null && { pids: { limit: asked.pidsLimit } }),
  };
}

function memoryLimits(asked: ContainerResources, swapAccounting: boolean): Required<OciResources>['memory'] {
  const { memoryBytes, memorySwapBytes, memoryReservationBytes, memorySwappiness } = asked;
  const swap = memorySwapBytes ?? (memoryBytes !== null && swapAccounting ? memoryBytes * 2 : null);
  return {
    ...(memoryBytes !== null && { limit: memoryBytes }),
    ...(swap !== null && { swap }),
    ...(memoryReservationBytes !== null && { reservation: memoryReservationBytes }),
    ...(memorySwappiness !== null && { swappiness: memorySwappiness }),
    ...(asked.oomKillDisable && { disableOOMKiller: true }),
  };
}

function cpuLimits(asked: ContainerResources): Required<OciResources>['cpu'] {
  const { cpuShares, cpusetCpus, cpusetMems } = asked;
  return {
    ...processorTime(asked),
    ...(cpuShares !== null && { shares: cpuShares }),
    ...(cpusetCpus !== null && { cpus: cpusetCpus }),
    ...(cpusetMems !== null && { mems: cpusetMems }),
  };
}

function processorTime({ cpus, cpuQuotaUs, cpuPeriodUs }: ContainerResources): Required<OciResources>['cpu'] {
  if (cpus !== null) return { quota: Math.round(cpus * CPU_PERIOD_US), period: CPU_PERIOD_US };
  return {
    ...(cpuQuotaUs !== null && { quota: cpuQuotaUs }),
    ...(cpuPeriodUs !== null && { period: cpuPeriodUs }),
  };
}
