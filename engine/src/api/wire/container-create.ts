import type { ContainerRequestInput } from '../../contract/index.ts';
import { DockerError } from '../server/failure.ts';
import type { CreateBody, HealthcheckSettings, HostConfig } from './container-settings.ts';
import { mountRequests, volumesFrom } from './mount-requests.ts';
import { networkingRequest } from './networking-request.ts';
import { resourcesRequest, restartRequest } from './resources-request.ts';
import { securityRequest } from './security-request.ts';
import { given } from './json.ts';

const NS_PER_MS = 1_000_000;

/** Runtimes of the OCI's kind, which are all the same here. */
const RUNTIMES: ReadonlySet<string> = new Set(['', 'runc', 'io.containerd.runc.v2', 'longshore']);

/** Drivers that keep logs as files of this machine, as all logs are kept here. */
const LOG_DRIVERS: ReadonlySet<string> = new Set(['', 'json-file', 'local']);

/** A container as Docker's JSON asks for it. What would have to be left out is refused. */
export function containerRequest(
  body: CreateBody,
  { name, version }: { readonly name: string | undefined; readonly version: number },
): ContainerRequestInput {
  const host = body.HostConfig ?? ({} as HostConfig);
  if (body.Image === undefined || body.Image === '') {
    throw new DockerError(400, 'config cannot be empty in order to create a container');
  }
  refuseUnknown(host);
  return {
    image: body.Image,
    ...(name !== undefined && { name: name.replace(/^\//, '') }),
    ...configRequest(body),
    ...networkingRequest(body, host, version),
    ...securityRequest(host),
    mounts: mountRequests(body, host),
    volumesFrom: (host.VolumesFrom ?? []).map(volumesFrom),
    resources: resourcesRequest(host),
    ulimits: (host.Ulimits ?? []).map(({ Name, Soft, Hard }) => ({ name: Name, soft: Soft, hard: Hard })),
    devices: devices(host),
    deviceRules: host.DeviceCgroupRules ?? [],
    oomScoreAdj: host.OomScoreAdj ?? 0,
    sysctls: host.Sysctls ?? {},
    annotations: host.Annotations ?? {},
    ...(positive(host.ShmSize) && { shmSizeBytes: host.ShmSize }),
    init: host.Init ?? false,
    restart: restartRequest(host.RestartPolicy) ?? { name: 'no' },
    autoRemove: host.AutoRemove ?? false,
    ...logRequest(host),
  };
}

function configRequest(body: CreateBody): Partial<ContainerRequestInput> {
  return {
    // An empty list is Go's way to say nothing; `[""]` is docker's to take away what the image says.
    ...(nonEmpty(body.Entrypoint) && {
      entrypoint: body.Entrypoint.length === 1 && body.Entrypoint[0] === '' ? [] : body.Entrypoint,
    }),
    ...(nonEmpty(body.Cmd) && { command: body.Cmd }),
    env: body.Env ?? [],
    ...(body.WorkingDir && { workingDir: body.WorkingDir }),
    ...(body.User && { user: body.User }),
    ...(body.Hostname && { hostname: body.Hostname }),
    ...(body.Domainname && { domainname: body.Domainname }),
    tty: body.Tty ?? false,
    openStdin: body.OpenStdin ?? false,
    ...(body.OpenStdin === true && body.StdinOnce !== true && { stdinOnce: false }),
    labels: body.Labels ?? {},
    ...(body.StopSignal && { stopSignal: body.StopSignal }),
    ...(body.StopTimeout !== undefined && { stopTimeoutSeconds: body.StopTimeout }),
    ...(body.Healthcheck !== undefined && healthcheckRequest(body.Healthcheck)),
  };
}

function healthcheckRequest(check: HealthcheckSettings): Pick<ContainerRequestInput, 'healthcheck'> {
  const [kind, ...rest] = check.Test ?? [];
  if (kind === 'NONE') return { healthcheck: { disabled: true } };
  const times = {
    ...duration('intervalMs', check.Interval),
    ...duration('timeoutMs', check.Timeout),
    ...duration('startPeriodMs', check.StartPeriod),
    ...duration('startIntervalMs', check.StartInterval),
    ...(positive(check.Retries) && { retries: check.Retries }),
  };
  if (kind === undefined) return Object.keys(times).length === 0 ? {} : { healthcheck: times };
  if (kind === 'CMD') return { healthcheck: { ...times, command: rest } };
  if (kind === 'CMD-SHELL') return { healthcheck: { ...times, command: rest.join(' ') } };
  throw new DockerError(400, `unknown type of healthcheck: ${kind.slice(0, 64)}`);
}

function duration(field: string, nanoseconds: number | undefined): Readonly<Record<string, number>> {
  return positive(nanoseconds) ? { [field]: nanoseconds / NS_PER_MS } : {};
}

function devices({ Devices }: HostConfig): NonNullable<ContainerRequestInput['devices']> {
  return (Devices ?? []).map(({ PathOnHost, PathInContainer, CgroupPermissions }) => ({
    hostPath: PathOnHost,
    containerPath: given(PathInContainer) ?? PathOnHost,
    permissions: given(CgroupPermissions) ?? 'rwm',
  }));
}

const SIZE = /^(\d+)([kmg]?)b?$/i;
const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

function logRequest({ LogConfig }: HostConfig): Pick<ContainerRequestInput, 'log'> {
  const type = LogConfig?.Type ?? '';
  if (!LOG_DRIVERS.has(type))
    throw new DockerError(400, `logger: no log driver named '${type.slice(0, 64)}' is registered`);
  const options = LogConfig?.Config ?? {};
  const unknown = Object.keys(options).find((name) => name !== 'max-size' && name !== 'max-file');
  if (unknown !== undefined)
    throw new DockerError(400, `unknown log opt '${unknown}' for json-file log driver`);
  const size = SIZE.exec(options['max-size'] ?? '');
  if (size === null) return {};
  const maxSizeBytes = Number(size[1]) * (UNITS[(size[2] ?? '').toLowerCase()] ?? 1);
  return { log: { maxSizeBytes, maxFiles: Number(options['max-file'] ?? 1) } };
}

/** What Docker has and this engine has not: said, never left out silently. */
function refuseUnknown(host: HostConfig): void {
  const refused: readonly (readonly [boolean, string])[] = [
    [!RUNTIMES.has(host.Runtime ?? ''), `unknown or invalid runtime name: ${host.Runtime ?? ''}`],
    [
      nonEmpty(host.DeviceRequests),
      'could not select device driver: devices cannot be asked for by what they can do',
    ],
    [Object.keys(host.StorageOpt ?? {}).length > 0, '--storage-opt is not supported'],
    [
      !['', 'default', 'process'].includes(host.Isolation ?? ''),
      `invalid isolation: ${host.Isolation ?? ''}`,
    ],
    [!['', 'local'].includes(host.VolumeDriver ?? ''), `plugin "${host.VolumeDriver ?? ''}" not found`],
    [
      positive(host.CpuRealtimePeriod) || positive(host.CpuRealtimeRuntime),
      'real-time limits of processors are not supported',
    ],
    [positive(host.KernelMemory), 'kernel memory limits are not supported: kernels no longer have them'],
    [(host.Cgroup ?? '') !== '', 'the cgroup of another container cannot be shared'],
  ];
  for (const [isRefused, message] of refused) if (isRefused) throw new DockerError(400, message);
}

function nonEmpty<T>(values: readonly T[] | undefined): values is T[] {
  return values !== undefined && values.length > 0;
}

function positive(value: number | undefined): value is number {
  return value !== undefined && value > 0;
}
