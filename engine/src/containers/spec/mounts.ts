import { posix } from 'node:path';
import type { ContainerMount, HostDevice } from '../../types/index.ts';
import { refused } from './refused.ts';

/** Refuses targets that cannot be: the root itself, and two mounts at one place. */
export function checkMounts(mounts: readonly ContainerMount[]): void {
  const targets = new Set<string>();
  for (const { target } of mounts) {
    const place = normaliseTarget(target);
    if (place === '/') refused('The root of a container cannot be a mount target.', target);
    if (targets.has(place)) refused(`Two mounts have the target ${place}.`, target);
    targets.add(place);
  }
}

export function checkDevices(devices: readonly HostDevice[]): void {
  for (const { hostPath, containerPath } of devices) {
    if (posix.normalize(hostPath).startsWith('/dev/')) continue;
    refused(`${hostPath} is not below /dev: a device is given as /dev/NAME.`, containerPath);
  }
}

export function normaliseTarget(target: string): string {
  const path = posix.normalize(target);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
