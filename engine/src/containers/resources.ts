import type { OciResources } from '../runtime/index.ts';
import type { ContainerResources } from '../types/index.ts';

/** The length of a CFS period in microseconds, the kernel's and Docker's default. */
const CPU_PERIOD_US = 100_000;

/**
 * Limits as the runtime spec has them. Without a demand, memory plus swap is limited to twice the memory, as Docker
 * does it, where the host can enforce that at all.
 */
export function ociResources(asked: ContainerResources, swapAccounting: boolean): OciResources {
  const memory = memoryLimits(asked, swapAccounting);
  const cpu = cpuLimits(asked);
  return {
    ...(memory !== null && { memory }),
    ...(cpu !== null && { cpu }),
    ...(asked.pidsLimit !== null && { pids: { limit: asked.pidsLimit } }),
  };
}

function memoryLimits(
  asked: ContainerResources,
  swapAccounting: boolean,
): Required<OciResources>['memory'] | null {
  const { memoryBytes, memorySwapBytes, memoryReservationBytes } = asked;
  if (memoryBytes === null && memorySwapBytes === null && memoryReservationBytes === null) return null;
  const swap = memorySwapBytes ?? (memoryBytes !== null && swapAccounting ? memoryBytes * 2 : null);
  return {
    ...(memoryBytes !== null && { limit: memoryBytes }),
    ...(swap !== null && { swap }),
    ...(memoryReservationBytes !== null && { reservation: memoryReservationBytes }),
  };
}

function cpuLimits(asked: ContainerResources): Required<OciResources>['cpu'] | null {
  const { cpus, cpuShares, cpusetCpus, cpusetMems } = asked;
  if (cpus === null && cpuShares === null && cpusetCpus === null && cpusetMems === null) return null;
  return {
    ...(cpus !== null && { quota: Math.round(cpus * CPU_PERIOD_US), period: CPU_PERIOD_US }),
    ...(cpuShares !== null && { shares: cpuShares }),
    ...(cpusetCpus !== null && { cpus: cpusetCpus }),
    ...(cpusetMems !== null && { mems: cpusetMems }),
  };
}
