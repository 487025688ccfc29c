import type { ContainerRequestInput } from '@longshore/engine/contract';
import { each, size, switchedOn, value } from './flags.ts';

type Resources = NonNullable<ContainerRequestInput['resources']>;
type Rates = NonNullable<NonNullable<Resources['blockIo']>['readBps']>;

export function limitFlags({ resources = {}, ulimits }: ContainerRequestInput): readonly string[] {
  return [
    ...memoryFlags(resources),
    ...value('--cpus', resources.cpus),
    ...value('--cpu-quota', resources.cpuQuotaUs),
    ...value('--cpu-period', resources.cpuPeriodUs),
    ...value('--cpu-shares', resources.cpuShares),
    ...value('--cpuset-cpus', resources.cpusetCpus),
    ...value('--cpuset-mems', resources.cpusetMems),
    ...value('--pids-limit', resources.pidsLimit),
    ...diskFlags(resources.blockIo ?? {}),
    ...each(
      '--ulimit',
      ulimits?.map(({ name, soft, hard }) => `${name}=${soft}:${hard}`),
    ),
  ];
}

function memoryFlags(resources: Resources): readonly string[] {
  return [
    ...value('--memory', size(resources.memoryBytes)),
    ...value('--memory-swap', size(resources.memorySwapBytes)),
    ...value('--memory-reservation', size(resources.memoryReservationBytes)),
    ...value('--memory-swappiness', resources.memorySwappiness),
    ...switchedOn('--oom-kill-disable', resources.oomKillDisable),
  ];
}

function diskFlags(blockIo: NonNullable<Resources['blockIo']>): readonly string[] {
  const bytes = (rates?: Rates) => rates?.map(({ path, rate }) => `${path}:${size(rate) ?? ''}`);
  const operations = (rates?: Rates) => rates?.map(({ path, rate }) => `${path}:${rate}`);
  return [
    ...value('--blkio-weight', blockIo.weight),
    ...each(
      '--blkio-weight-device',
      blockIo.weightDevices?.map(({ path, weight }) => `${path}:${weight}`),
    ),
    ...each('--device-read-bps', bytes(blockIo.readBps)),
    ...each('--device-write-bps', bytes(blockIo.writeBps)),
    ...each('--device-read-iops', operations(blockIo.readIops)),
    ...each('--device-write-iops', operations(blockIo.writeIops)),
  ];
}
