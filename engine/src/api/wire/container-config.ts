import { signalName, signalNumber } from '../../runtime/index.ts';
import type { ContainerDetails, Healthcheck } from '../../types/index.ts';
import { emptySets } from './json.ts';

const NS_PER_MS = 1_000_000;

const DEFAULT_STOP_TIMEOUT = 10;
/** SIGTERM. */
const DEFAULT_STOP_SIGNAL = 15;

/** Docker shows what was said, and leaves out what was not. */
const HEALTHCHECK_DEFAULTS = {
  Interval: 30_000,
  Timeout: 30_000,
  StartPeriod: 0,
  StartInterval: 5_000,
  Retries: 3,
};

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
    StdinOnce: spec.openStdin && spec.stdinOnce !== false,
    Env: spec.env,
    Cmd: spec.command.length === 0 ? null : spec.command,
    ...(spec.healthcheck !== null && { Healthcheck: healthcheckJson(spec.healthcheck) }),
    Image: image.asked ?? image.reference,
    Volumes: volumes.length === 0 ? null : emptySets(volumes),
    WorkingDir: spec.workingDir === '/' ? '' : spec.workingDir,
    Entrypoint: spec.entrypoint.length === 0 ? null : spec.entrypoint,
    ...(version < MAC_ON_ENDPOINTS_SINCE && macAddress(spec)),
    OnBuild: null,
    Labels: spec.labels,
    ...stopSignal(spec.stopSignal),
    ...(spec.stopTimeoutSeconds !== DEFAULT_STOP_TIMEOUT && { StopTimeout: spec.stopTimeoutSeconds }),
  };
}

const MAC_ON_ENDPOINTS_SINCE = 44;

function macAddress({ networks }: ContainerDetails['spec']): object {
  const mac = networks[0]?.mac ?? null;
  return mac === null ? {} : { MacAddress: mac };
}

function stopSignal(signal: string): object {
  const number = signalNumber(signal);
  return number === null || number === DEFAULT_STOP_SIGNAL ? {} : { StopSignal: `SIG${signalName(number)}` };
}

function healthcheckJson(check: Healthcheck): object {
  return {
    Test: healthcheckTest(check.command),
    ...unlessDefault('Interval', check.intervalMs, NS_PER_MS),
    ...unlessDefault('Timeout', check.timeoutMs, NS_PER_MS),
    ...unlessDefault('StartPeriod', check.startPeriodMs, NS_PER_MS),
    ...unlessDefault('StartInterval', check.startIntervalMs, NS_PER_MS),
    ...unlessDefault('Retries', check.retries, 1),
  };
}

/** What the shell is given is a line; `--health-cmd` is one. */
function healthcheckTest(command: readonly string[]): readonly string[] {
  const [shell, option, line, ...rest] = command;
  const isLine = shell === '/bin/sh' && option === '-c' && line !== undefined && rest.length === 0;
  return isLine ? ['CMD-SHELL', line] : ['CMD', ...command];
}

function unlessDefault(field: keyof typeof HEALTHCHECK_DEFAULTS, value: number, unit: number): object {
  return value === HEALTHCHECK_DEFAULTS[field] ? {} : { [field]: value * unit };
}
