import { containerRequest, type ContainerRequestInput } from '@longshore/engine/contract';
import { checkReference } from '../../lib/check-reference.ts';
import { splitWords } from '../../lib/shell-words.ts';
import type { MessageId } from '../../messages/use-text.ts';
import { RUN_SECTIONS, type RunField, type RunForm, type RunSection } from './run-form.ts';
import type { MountRow } from './run-rows.ts';
import { exposedPortsOf, isEmptyPort, publicationsOf } from './port-rows.ts';
import { pairs, words } from './form-values.ts';
import { mountRows, networkRows, requestOf } from './run-request.ts';

export type RunProblems = Partial<Readonly<Record<RunField, MessageId>>>;

export interface ReadForm {
  readonly request: ContainerRequestInput;
  readonly problems: RunProblems;
}

/** What the form asks of the engine, and what is wrong with it. */
export function readRunForm(form: RunForm): ReadForm {
  const request = requestOf(form);
  return { request, problems: { ...refusedByContract(request), ...refusedHere(form) } };
}

export function canRun({ request, problems }: ReadForm): boolean {
  return request.image !== '' && Object.keys(problems).length === 0;
}

export function hasProblem(problems: RunProblems, section: RunSection): boolean {
  return RUN_SECTIONS[section].some((field) => problems[field] !== undefined);
}

/** Which field a part of the request comes from, and what to say when the contract does not take it. */
const FIELD_OF: Readonly<Record<string, readonly [RunField, MessageId]>> = {
  name: ['name', 'run.badName'],
  'platform.os': ['platform', 'builds.badPlatform'],
  workingDir: ['workingDir', 'run.badPath'],
  'resources.memoryBytes': ['memory', 'run.badMemory'],
  'resources.memorySwapBytes': ['memorySwap', 'run.badSwap'],
  'resources.memoryReservationBytes': ['memoryReservation', 'run.badSize'],
  'resources.memorySwappiness': ['swappiness', 'run.badSwappiness'],
  'resources.cpus': ['cpus', 'run.badCpus'],
  'resources.cpuQuotaUs': ['cpuQuota', 'run.badCpuQuota'],
  'resources.cpuPeriodUs': ['cpuPeriod', 'run.badCpuPeriod'],
  'resources.cpuShares': ['cpuShares', 'run.badCpuShares'],
  'resources.cpusetCpus': ['cpusetCpus', 'run.badList'],
  'resources.cpusetMems': ['cpusetMems', 'run.badList'],
  'resources.pidsLimit': ['pidsLimit', 'run.badPids'],
  'resources.blockIo.weight': ['ioWeight', 'run.badWeight'],
  'resources.blockIo': ['rates', 'run.badRates'],
  mounts: ['mounts', 'run.badMount'],
  volumesFrom: ['volumesFrom', 'run.badVolumesFrom'],
  networks: ['networks', 'run.badNetworks'],
  ports: ['ports', 'run.badPorts'],
  exposedPorts: ['exposed', 'run.badExposed'],
  ulimits: ['ulimits', 'run.badUlimits'],
  shmSizeBytes: ['shmSize', 'run.badSize'],
  network: ['networkContainer', 'run.badContainer'],
  hostname: ['hostname', 'run.badHostname'],
  dns: ['dns', 'run.badDns'],
  seccomp: ['seccompProfile', 'run.badSeccomp'],
  devices: ['devices', 'run.badDevices'],
  deviceRules: ['deviceRules', 'run.badDeviceRules'],
  oomScoreAdj: ['oomScoreAdj', 'run.badOomScore'],
  pid: ['pidContainer', 'run.badContainer'],
  ipc: ['ipcContainer', 'run.badContainer'],
  restart: ['restartTimes', 'run.badCount'],
  'healthcheck.intervalMs': ['healthInterval', 'run.badSeconds'],
  'healthcheck.timeoutMs': ['healthTimeout', 'run.badSeconds'],
  'healthcheck.startPeriodMs': ['healthStartPeriod', 'run.badSeconds'],
  'healthcheck.startIntervalMs': ['healthStartInterval', 'run.badSeconds'],
  'healthcheck.retries': ['healthRetries', 'run.badCount'],
  healthcheck: ['healthCommand', 'run.badHealth'],
  stopTimeoutSeconds: ['stopTimeout', 'run.badStopTimeout'],
  'log.maxSizeBytes': ['logSize', 'run.badLog'],
  'log.maxFiles': ['logFiles', 'run.badLog'],
};

function refusedByContract(request: ContainerRequestInput): RunProblems {
  // What the image's field has is checked by the rules of image names.
  const checked = containerRequest.safeParse({ ...request, image: 'checked-elsewhere' });
  if (checked.success) return {};
  const problems: Partial<Record<RunField, MessageId>> = {};
  for (const path of pathsOf(checked.error.issues)) {
    const known = longestKnown(path);
    if (known === undefined) continue;
    const [field, message] = known;
    if (field === 'mounts' && isTmpfs(request, path[1])) problems.tmpfs ??= 'run.badTmpfs';
    else problems[field] ??= message;
  }
  return problems;
}

type Path = readonly PropertyKey[];

interface Issue {
  readonly path: Path;
  /** Of a union: why each of its members refused it. */
  readonly errors?: readonly (readonly Issue[])[];
}

/** Of a union the members' reasons, where they name a part that is known; else the union itself. */
function pathsOf(issues: readonly Issue[], within: Path = []): readonly Path[] {
  return issues.flatMap((issue) => {
    const path = [...within, ...issue.path];
    const inner = (issue.errors ?? []).flatMap((each) => pathsOf(each, path));
    const closer = inner.filter(
      (each) => each.length > path.length && FIELD_OF[each.join('.')] !== undefined,
    );
    return closer.length > 0 ? closer : [path];
  });
}

function longestKnown(path: Path): readonly [RunField, MessageId] | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const known = FIELD_OF[path.slice(0, length).join('.')];
    if (known !== undefined) return known;
  }
  return undefined;
}

function isTmpfs(request: ContainerRequestInput, index: PropertyKey | undefined): boolean {
  return typeof index === 'number' && request.mounts?.[index]?.type === 'tmpfs';
}

/** What the contract cannot see: how words are quoted, names of images, and what a command line could not say. */
function refusedHere(form: RunForm): RunProblems {
  const entrypoint = splitWords(form.entrypoint);
  const isNamed = (rows: RunForm['labels']) => pairs(rows).every(({ name }) => name !== '');
  return {
    ...(form.image.trim() !== '' && !isImage(form.image) && { image: 'run.badImage' }),
    ...(!splitWords(form.command).ok && { command: 'run.badCommand' }),
    ...(!(entrypoint.ok && entrypoint.words.length <= 1) && { entrypoint: 'run.badEntrypoint' }),
    ...(pairs(form.env).some(({ name }) => name === '' || name.includes('=')) && { env: 'run.badEnv' }),
    ...(!mountRows(form).every(isMount) && { mounts: 'run.badMount' }),
    ...(!form.ports.every((row) => isEmptyPort(row) || publicationsOf(row) !== undefined) && {
      ports: 'run.badPorts',
    }),
    ...(exposedPortsOf(words(form.exposed)) === undefined && { exposed: 'run.badExposed' }),
    ...(networkRows(form).some(({ network }) => network === '') && { networks: 'run.badNetworks' }),
    ...(Number(form.cpus) === 0 && form.cpus.trim() !== '' && { cpus: 'run.badCpus' }),
    ...(!isNamed(form.labels) && { labels: 'run.badLabels' }),
    ...(!isNamed(form.annotations) && { annotations: 'run.badLabels' }),
    ...(!isNamed(form.sysctls) && { sysctls: 'run.badSysctls' }),
    ...(pairs(form.hosts).some(({ name, value }) => name === '' || value === '') && {
      hosts: 'run.badHosts',
    }),
    ...(form.seccomp === 'profile' &&
      !isJson(form.seccompProfile?.text) && { seccompProfile: 'run.badSeccomp' }),
  };
}

/** An id or the beginning of one is a name for an image on this machine. */
function isImage(input: string): boolean {
  return checkReference(input).ok || /^(sha256:)?[0-9a-f]{12,64}$/.test(input.trim());
}

/** A comma or a colon in a path would be another option on the command line. */
function isMount({ kind, source, target, subpath }: MountRow): boolean {
  if (kind === 'volume') return target.startsWith('/') && !/[:,]/.test(`${target}${subpath}`);
  return source.startsWith('/') && target.startsWith('/') && !/[:,]/.test(`${source}${target}`);
}

function isJson(value: string | undefined): boolean {
  try {
    JSON.parse(value ?? '');
    return true;
  } catch {
    return false;
  }
}
