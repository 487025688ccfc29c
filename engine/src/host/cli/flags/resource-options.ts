import { type Command, InvalidArgumentError } from 'commander';
import type { ContainerRequestInput } from '../../../contract/index.ts';
import { omitUndefined } from './defined.ts';
import { collect, parseCpus, parseInteger, parseSize, parseSwap } from './values.ts';

type Resources = NonNullable<ContainerRequestInput['resources']>;
type Rates = NonNullable<NonNullable<Resources['blockIo']>['readBps']>;

/** Limits that `update` can change on a running container. */
export interface LimitOptions {
  readonly memory?: number;
  readonly memorySwap?: number;
  readonly memoryReservation?: number;
  readonly cpus?: number;
  readonly cpuPeriod?: number;
  readonly cpuQuota?: number;
  readonly cpuShares?: number;
  readonly cpusetCpus?: string;
  readonly cpusetMems?: string;
  readonly pidsLimit?: number;
  readonly blkioWeight?: number;
}

/** The others, which only a new container can be given. */
export interface ResourceOptions extends LimitOptions {
  readonly memorySwappiness?: number;
  readonly oomKillDisable?: boolean;
  readonly blkioWeightDevice?: readonly string[];
  readonly deviceReadBps?: readonly string[];
  readonly deviceWriteBps?: readonly string[];
  readonly deviceReadIops?: readonly string[];
  readonly deviceWriteIops?: readonly string[];
}

export function addLimitOptions(command: Command): Command {
  return command
    .option('-m, --memory <size>', 'memory limit, such as 512m', parseSize)
    .option('--memory-swap <size>', 'memory and swap together; -1 for no limit of swap', parseSwap)
    .option('--memory-reservation <size>', 'soft memory limit', parseSize)
    .option('--cpus <number>', 'processors it may use, such as 1.5', parseCpus)
    .option('--cpu-period <microseconds>', 'length of a period of processor time', parseInteger)
    .option('--cpu-quota <microseconds>', 'processor time in each period', parseInteger)
    .option('-c, --cpu-shares <weight>', 'relative weight of processor time', parseInteger)
    .option('--cpuset-cpus <list>', 'processors it may run on, such as 0-3')
    .option('--cpuset-mems <list>', 'memory nodes it may use')
    .option('--pids-limit <number>', 'processes it may have; -1 for no limit', parseInteger)
    .option('--blkio-weight <weight>', 'relative weight of disk time, 10 to 1000', parseInteger);
}

export function addResourceOptions(command: Command): Command {
  return addLimitOptions(command)
    .option('--memory-swappiness <percent>', 'how readily its memory is swapped out, 0 to 100', parseInteger)
    .option('--oom-kill-disable', 'let it wait for memory instead of killing it')
    .option('--blkio-weight-device <device:weight>', 'weight on one disk (repeatable)', collect)
    .option('--device-read-bps <device:rate>', 'bytes a second read, such as /dev/sda:1mb', collect)
    .option('--device-write-bps <device:rate>', 'bytes a second written', collect)
    .option('--device-read-iops <device:rate>', 'read operations a second', collect)
    .option('--device-write-iops <device:rate>', 'write operations a second', collect);
}

export function toLimits(options: LimitOptions): Resources {
  const { blkioWeight } = options;
  return omitUndefined({
    memoryBytes: options.memory,
    memorySwapBytes: options.memorySwap,
    memoryReservationBytes: options.memoryReservation,
    cpus: options.cpus,
    cpuPeriodUs: options.cpuPeriod,
    cpuQuotaUs: options.cpuQuota,
    cpuShares: options.cpuShares,
    cpusetCpus: options.cpusetCpus,
    cpusetMems: options.cpusetMems,
    pidsLimit: options.pidsLimit,
    blockIo: blkioWeight === undefined ? undefined : { weight: blkioWeight },
  });
}

export function toResources(options: ResourceOptions): Resources {
  const limits = toLimits(options);
  const blockIo = omitUndefined({
    ...limits.blockIo,
    weightDevices: options.blkioWeightDevice?.map((value) => {
      const { path, rate: weight } = deviceRate(value, parseInteger);
      return { path, weight };
    }),
    readBps: rates(options.deviceReadBps, parseSize),
    writeBps: rates(options.deviceWriteBps, parseSize),
    readIops: rates(options.deviceReadIops, parseInteger),
    writeIops: rates(options.deviceWriteIops, parseInteger),
  });
  return omitUndefined({
    ...limits,
    memorySwappiness: options.memorySwappiness,
    oomKillDisable: options.oomKillDisable,
    blockIo: Object.keys(blockIo).length === 0 ? undefined : blockIo,
  });
}

function rates(values: readonly string[] | undefined, parse: (value: string) => number): Rates | undefined {
  return values?.map((value) => deviceRate(value, parse));
}

/** `/dev/sda:1mb`. */
function deviceRate(value: string, parse: (value: string) => number): Rates[number] {
  const at = value.lastIndexOf(':');
  if (at < 1) throw new InvalidArgumentError(`"${value}" names no rate: write /dev/sda:1mb`);
  return { path: value.slice(0, at), rate: parse(value.slice(at + 1)) };
}
