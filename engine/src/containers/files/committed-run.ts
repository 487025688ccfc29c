import type { CommitOrder } from '../../images/index.ts';
import type { ContainerSpec, ExposedPort, Healthcheck } from '../../types/index.ts';
import { portKey } from '../networking/ports.ts';

const NS_PER_MS = 1e6;

/** What a container was told, as an image config says it. */
export function committedRun(spec: ContainerSpec): CommitOrder['run'] {
  return {
    User: spec.user,
    ...(spec.exposedPorts.length > 0 && { ExposedPorts: exposed(spec.exposedPorts) }),
    Env: spec.env,
    Entrypoint: spec.entrypoint,
    Cmd: spec.command,
    WorkingDir: spec.workingDir,
    Labels: spec.labels,
    StopSignal: spec.stopSignal,
    Healthcheck: spec.healthcheck === null ? { Test: ['NONE'] } : healthcheckOf(spec.healthcheck),
  };
}

function exposed(ports: readonly ExposedPort[]): Readonly<Record<string, object>> {
  return Object.fromEntries(ports.map((port) => [portKey(port), {}]));
}

function healthcheckOf(check: Healthcheck) {
  return {
    Test: ['CMD', ...check.command],
    Interval: check.intervalMs * NS_PER_MS,
    Timeout: check.timeoutMs * NS_PER_MS,
    StartPeriod: check.startPeriodMs * NS_PER_MS,
    StartInterval: check.startIntervalMs * NS_PER_MS,
    Retries: check.retries,
  };
}
