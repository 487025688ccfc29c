import type { ContainerRequestInput } from '@longshore/engine/contract';
import type { ContainerSpec } from '@longshore/engine/types';
import { value } from '../run/flags.ts';
import { limitFlags } from '../run/limit-flags.ts';
import { lifeFlags } from '../run/life-flags.ts';
import { EMPTY_RUN_FORM, type RunForm } from '../run/run-form.ts';
import { readRunForm, type RunProblems } from '../run/run-problems.ts';

const MIB = 1024 * 1024;

/** What of a container can be changed after it was made, in the fields of the form that makes one. */
export const UPDATE_FIELDS = [
  'memory', 'memorySwap', 'memoryReservation', 'cpus', 'cpuShares', 'cpuQuota', 'cpuPeriod', 'cpusetCpus',
  'cpusetMems', 'pidsLimit', 'ioWeight', 'restart', 'restartTimes',
] as const; // prettier-ignore

export function updateFormOf({ resources, restart }: ContainerSpec): RunForm {
  const number = (value: number | null) => (value === null ? '' : String(value));
  const mib = (bytes: number | null) => (bytes === null || bytes < 0 ? number(bytes) : String(bytes / MIB));
  return {
    ...EMPTY_RUN_FORM,
    memory: mib(resources.memoryBytes),
    memorySwap: mib(resources.memorySwapBytes),
    memoryReservation: mib(resources.memoryReservationBytes),
    cpus: number(resources.cpus),
    cpuShares: number(resources.cpuShares),
    cpuQuota: number(resources.cpuQuotaUs),
    cpuPeriod: number(resources.cpuPeriodUs),
    cpusetCpus: resources.cpusetCpus ?? '',
    cpusetMems: resources.cpusetMems ?? '',
    pidsLimit: number(resources.pidsLimit),
    ioWeight: number(resources.blockIo.weight),
    restart: restart.name,
    restartTimes: restart.maximumRetries === 0 ? '' : String(restart.maximumRetries),
  };
}

/** What to say for a number that was emptied: Docker's zero, which is no limit. */
const NO_LIMIT: Partial<Readonly<Record<keyof RunForm, string>>> = { pidsLimit: '-1' };

/** Of these the empty word is what is said: no list. */
const LISTS = ['cpusetCpus', 'cpusetMems'] as const;

function noLimit(field: keyof RunForm): string {
  return LISTS.some((list) => list === field) ? '' : (NO_LIMIT[field] ?? '0');
}

export interface Update {
  readonly resources?: ContainerRequestInput['resources'];
  readonly restart?: ContainerRequestInput['restart'];
}

export interface ReadUpdate {
  readonly update: Update;
  readonly problems: RunProblems;
}

/** Only what differs from before. */
export function readUpdate(before: RunForm, form: RunForm): ReadUpdate {
  const changed = UPDATE_FIELDS.filter((field) => form[field] !== before[field]);
  const said = changed.map((field) => [field, form[field].trim() === '' ? noLimit(field) : form[field]]);
  const isRestartChanged = changed.includes('restart') || changed.includes('restartTimes');
  const { request, problems } = readRunForm({
    ...EMPTY_RUN_FORM,
    image: 'of-the-container',
    ...(Object.fromEntries(said) as Partial<RunForm>),
    ...(isRestartChanged && { restart: form.restart, restartTimes: form.restartTimes }),
  });
  const { cpus, ...others } = problems;
  const emptied = LISTS.filter((field) => changed.includes(field) && form[field].trim() === '');
  const resources = { ...request.resources, ...Object.fromEntries(emptied.map((field) => [field, ''])) };
  return {
    update: {
      ...(Object.keys(resources).length > 0 && { resources }),
      ...(isRestartChanged && { restart: request.restart ?? { name: 'no' as const } }),
    },
    // A new container without processors is a mistake; here the zero stands for "no limit".
    problems: cpus === undefined || form.cpus === '' ? others : { ...others, cpus },
  };
}

/** As the command line says it. */
export function updateArguments(container: string, { resources, restart }: Update): readonly string[] {
  return [
    'update',
    ...limitFlags({ image: '', ...(resources !== undefined && { resources }) }),
    ...(restart?.name === 'no'
      ? value('--restart', 'no')
      : lifeFlags({ image: '', ...(restart !== undefined && { restart }) })),
    container,
  ];
}
