import type { ContainerRequestInput } from '@longshore/engine/contract';
import { containerName } from '@longshore/engine/contract';
import type { NetworkMode } from '@longshore/engine/types';
import { checkReference } from '../../lib/check-reference.ts';
import { splitWords } from '../../lib/shell-words.ts';
import type { MessageId } from '../../messages/use-text.ts';

export interface EnvRow {
  readonly name: string;
  readonly value: string;
}

export interface MountRow {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** The fields as they are typed. */
export interface RunForm {
  readonly image: string;
  readonly name: string;
  readonly command: string;
  readonly env: readonly EnvRow[];
  readonly mounts: readonly MountRow[];
  readonly user: string;
  readonly workingDir: string;
  /** In MiB. */
  readonly memory: string;
  readonly cpus: string;
  readonly network: NetworkMode;
  readonly interactive: boolean;
  readonly autoRemove: boolean;
  readonly init: boolean;
}

export const EMPTY_RUN_FORM: RunForm = {
  image: '',
  name: '',
  command: '',
  env: [],
  mounts: [],
  user: '',
  workingDir: '',
  memory: '',
  cpus: '',
  network: 'bridge',
  interactive: false,
  autoRemove: false,
  init: false,
};

export type RunField = 'image' | 'name' | 'command' | 'env' | 'mounts' | 'workingDir' | 'memory' | 'cpus';

export type RunProblems = Partial<Readonly<Record<RunField, MessageId>>>;

export interface ReadForm {
  readonly request: ContainerRequestInput;
  readonly problems: RunProblems;
}

const MIB = 1024 * 1024;
const LEAST_MEMORY_MIB = 6;

/** What the form asks of the engine, and what is wrong with it. Rows that are wholly empty are not there. */
export function readRunForm(form: RunForm): ReadForm {
  const image = checkReference(form.image);
  const command = splitWords(form.command);
  const mounts = form.mounts.filter((mount) => mount.source !== '' || mount.target !== '');
  const env = form.env.filter((row) => row.name !== '' || row.value !== '');
  const memory = readNumber(form.memory);
  const cpus = readNumber(form.cpus);
  const request: ContainerRequestInput = {
    image: form.image.trim(),
    ...(form.name !== '' && { name: form.name }),
    ...(command.ok && command.words.length > 0 && { command: [...command.words] }),
    ...(env.length > 0 && { env: env.map((row) => `${row.name}=${row.value}`) }),
    ...(mounts.length > 0 && {
      mounts: mounts.map((mount) => ({ type: 'bind' as const, ...mount, createSource: true })),
    }),
    ...(form.user !== '' && { user: form.user }),
    ...(form.workingDir !== '' && { workingDir: form.workingDir }),
    ...((memory.value !== undefined || cpus.value !== undefined) && {
      resources: {
        ...(memory.value !== undefined && { memoryBytes: Math.round(memory.value * MIB) }),
        ...(cpus.value !== undefined && { cpus: cpus.value }),
      },
    }),
    ...(form.network !== 'bridge' && { network: form.network }),
    ...(form.interactive && { tty: true, openStdin: true }),
    ...(form.autoRemove && { autoRemove: true }),
    ...(form.init && { init: true }),
  };
  const problems: RunProblems = {
    ...(form.image.trim() !== '' &&
      !image.ok &&
      !isImageId(form.image) && { image: 'run.badImage' as const }),
    ...(form.name !== '' && !containerName.safeParse(form.name).success && { name: 'run.badName' as const }),
    ...(!command.ok && { command: 'run.badCommand' as const }),
    ...(env.some((row) => row.name === '' || row.name.includes('=')) && { env: 'run.badEnv' as const }),
    ...(!mounts.every(isMount) && { mounts: 'run.badMount' as const }),
    ...(form.workingDir !== '' && !form.workingDir.startsWith('/') && { workingDir: 'run.badPath' as const }),
    ...((memory.bad || (memory.value !== undefined && memory.value < LEAST_MEMORY_MIB)) && {
      memory: 'run.badMemory' as const,
    }),
    ...((cpus.bad || cpus.value === 0) && { cpus: 'run.badCpus' as const }),
  };
  return { request, problems };
}

export function canRun({ request, problems }: ReadForm): boolean {
  return request.image !== '' && Object.keys(problems).length === 0;
}

function isMount(mount: MountRow): boolean {
  return (
    mount.source.startsWith('/') &&
    mount.target.startsWith('/') &&
    !`${mount.source}${mount.target}`.includes(':')
  );
}

/** An id or the beginning of one is a name for an image on this machine. */
function isImageId(input: string): boolean {
  return /^(sha256:)?[0-9a-f]{12,64}$/.test(input.trim());
}

function readNumber(input: string): { readonly value: number | undefined; readonly bad: boolean } {
  const trimmed = input.trim();
  if (trimmed === '') return { value: undefined, bad: false };
  if (!/^\d+(\.\d+)?$/.test(trimmed)) return { value: undefined, bad: true };
  return { value: Number(trimmed), bad: false };
}
