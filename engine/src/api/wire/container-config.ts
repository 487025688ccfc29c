import { signalName, signalNumber } from '../../runtime/index.ts';
import type { ContainerDetails, Healthcheck } from '../../types/index.ts';
import { emptySets } from './json.ts';

const NS_PER_MS = 1_000_000;

const DEFAULT_STOP_TIMEOUT = 10;

/** `Config` of inspect: what the container was asked to be, the image's defaults in it. */
export function configJson({ image, spec }: ContainerDetails, version: number): object {
  const ports = spec.exposedPorts.map(({ containerPort, protocol }) => `${containerPort}/${protocol}`);
  const volumes = spec.mounts.flatMap((mount) =>
    mount.type === 'volume' && mount.anonymous ? [mount.target] : [],
  );
  return {
    Hostname: spec.hostname,
    Domainname: spec.domainname,
    User: spec.user,
    AttachStdin: false,
    AttachStdout: !spec.openStdin,
    AttachStderr: !spec.openStdin,
    ...(ports.length > 0 && { ExposedPorts: emptySets(ports) }),
    Tty: spec.tty,
    OpenStdin: spec.openStdin,
    StdinOnce: spec.openStdin,
    Env: spec.env,
    Cmd: spec.command.length === 0 ? null : spec.command,
    ...(spec.healthcheck !== null && { Healthcheck: healthcheckJson(spec.healthcheck) }),
    Image: image.reference,
    Volumes: volumes.length === 0 ? null : emptySets(volumes),
    WorkingDir: spec.workingDir === '/' ? '' : spec.workingDir,
    Entrypoint: spec.entrypoint.length === 0 ? null : spec.entrypoint,
    ...(version < MAC_ON_ENDPOINTS_SINCE && { MacAddress: spec.networks[0]?.mac ?? '' }),
    OnBuild: null,
    Labels: spec.labels,
    ...stopSignal(spec.stopSignal),
    ...(spec.stopTimeoutSeconds !== DEFAULT_STOP_TIMEOUT && { StopTimeout: spec.stopTimeoutSeconds }),
  };
}

const MAC_ON_ENDPOINTS_SINCE = 44;

function stopSignal(signal: string): object {
  const number = signalNumber(signal);
  return number === null ? {} : { StopSignal: `SIG${signalName(number)}` };
}

function healthcheckJson(check: Healthcheck): object {
  return {
    Test: ['CMD', ...check.command],
    Interval: check.intervalMs * NS_PER_MS,
    Timeout: check.timeoutMs * NS_PER_MS,
    StartPeriod: check.startPeriodMs * NS_PER_MS,
    StartInterval: check.startIntervalMs * NS_PER_MS,
    Retries: check.retries,
  };
}
