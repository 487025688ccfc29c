import type { ContainerRequestInput } from '@longshore/engine/contract';
import { each, size, value } from './flags.ts';

export function lifeFlags(request: ContainerRequestInput): readonly string[] {
  return [
    ...value('--restart', restart(request.restart)),
    ...healthFlags(request.healthcheck),
    ...value('--stop-signal', request.stopSignal),
    ...value('--stop-timeout', request.stopTimeoutSeconds),
    ...each('--log-opt', logOptions(request.log)),
  ];
}

function restart(policy: ContainerRequestInput['restart']): string | undefined {
  if (policy === undefined) return undefined;
  const { name, maximumRetries = 0 } = policy;
  return maximumRetries > 0 ? `${name}:${maximumRetries}` : name;
}

function healthFlags(check: ContainerRequestInput['healthcheck']): readonly string[] {
  if (check === undefined) return [];
  if ('disabled' in check) return ['--no-healthcheck'];
  return [
    ...value('--health-cmd', typeof check.command === 'string' ? check.command : undefined),
    ...value('--health-interval', duration(check.intervalMs)),
    ...value('--health-timeout', duration(check.timeoutMs)),
    ...value('--health-start-period', duration(check.startPeriodMs)),
    ...value('--health-start-interval', duration(check.startIntervalMs)),
    ...value('--health-retries', check.retries),
  ];
}

/** `30s` where it is whole, else in milliseconds. */
function duration(milliseconds: number | undefined): string | undefined {
  if (milliseconds === undefined) return undefined;
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

function logOptions(log: ContainerRequestInput['log']): readonly string[] | undefined {
  if (log === undefined) return undefined;
  return [`max-size=${size(log.maxSizeBytes) ?? ''}`, `max-file=${log.maxFiles}`];
}
