import { cpus } from 'node:os';
import { z } from 'zod';
import type { ContainerRequestInput } from '../../contract/index.ts';
import { DockerError } from '../server/failure.ts';
import { resourceFields, restartPolicy } from './container-settings.ts';

/** Limits of a container that is there. */
export const updateBody = z.object({ ...resourceFields, RestartPolicy: restartPolicy });

export type Resources = Partial<Omit<z.output<typeof updateBody>, 'RestartPolicy'>>;
type ResourcesInput = NonNullable<ContainerRequestInput['resources']>;
type RestartInput = NonNullable<ContainerRequestInput['restart']>;

const NANO = 1e9;
const RESTARTS = ['no', 'on-failure', 'always', 'unless-stopped'] as const;

/** Docker's zero is "not said". */
export function resourcesRequest(asked: Resources): ResourcesInput {
  return {
    ...said('memoryBytes', asked.Memory),
    ...said('memorySwapBytes', asked.MemorySwap),
    ...said('memoryReservationBytes', asked.MemoryReservation),
    ...(asked.MemorySwappiness !== undefined && { memorySwappiness: asked.MemorySwappiness }),
    ...(asked.OomKillDisable === true && { oomKillDisable: true }),
    ...said('cpus', processors(asked.NanoCpus)),
    ...said('cpuQuotaUs', asked.CpuQuota),
    ...said('cpuPeriodUs', asked.CpuPeriod),
    ...said('cpuShares', asked.CpuShares),
    ...(asked.CpusetCpus && { cpusetCpus: asked.CpusetCpus }),
    ...(asked.CpusetMems && { cpusetMems: asked.CpusetMems }),
    ...said('pidsLimit', asked.PidsLimit),
    ...blockIo(asked),
  };
}

function said(field: keyof ResourcesInput, value: number | undefined): Partial<ResourcesInput> {
  return value === undefined || value === 0 ? {} : { [field]: value };
}

function processors(nano = 0): number {
  const here = cpus().length;
  if (nano <= here * NANO) return nano / NANO;
  throw new DockerError(
    400,
    `Range of CPUs is from 0.01 to ${here}.00, as there are only ${here} CPUs available`,
  );
}

function blockIo(asked: Resources): Pick<ResourcesInput, 'blockIo'> {
  const rates = (field: string, devices: Resources['BlkioDeviceReadBps']) =>
    devices !== undefined && devices.length > 0
      ? { [field]: devices.map(({ Path, Rate }) => ({ path: Path, rate: Rate })) }
      : {};
  const limits = {
    ...(asked.BlkioWeight ? { weight: asked.BlkioWeight } : {}),
    ...(asked.BlkioWeightDevice !== undefined &&
      asked.BlkioWeightDevice.length > 0 && {
        weightDevices: asked.BlkioWeightDevice.map(({ Path, Weight }) => ({ path: Path, weight: Weight })),
      }),
    ...rates('readBps', asked.BlkioDeviceReadBps),
    ...rates('writeBps', asked.BlkioDeviceWriteBps),
    ...rates('readIops', asked.BlkioDeviceReadIOps),
    ...rates('writeIops', asked.BlkioDeviceWriteIOps),
  };
  return Object.keys(limits).length === 0 ? {} : { blockIo: limits };
}

/** Undefined when nothing is said. */
export function restartRequest(
  policy: { readonly Name?: string | undefined; readonly MaximumRetryCount?: number | undefined } | undefined,
): RestartInput | undefined {
  if (policy?.Name === undefined || policy.Name === '') return undefined;
  const name = RESTARTS.find((known) => known === policy.Name);
  if (name === undefined) {
    throw new DockerError(
      400,
      `invalid restart policy: unknown policy '${policy.Name.slice(0, 64)}'; use one of '${RESTARTS.join("', '")}'`,
    );
  }
  return { name, maximumRetries: policy.MaximumRetryCount ?? 0 };
}
