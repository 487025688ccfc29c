import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Docker's masks (moby, oci/defaults.go): what says too much about the host, or could harm it. */
const MASKED_PATHS: readonly string[] = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
];

export const READONLY_PATHS: readonly string[] = [
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/sys',
  '/proc/sysrq-trigger',
];

const CPUS = '/sys/devices/system/cpu';

/** The fixed ones, and each processor's thermal_throttle, a side channel (GHSA-6fw5-f8r9-fgfm), where it exists. */
export function maskedPaths(): readonly string[] {
  return [...MASKED_PATHS, ...thermalPaths()];
}

function thermalPaths(): readonly string[] {
  try {
    return readdirSync(CPUS)
      .filter((name) => /^cpu\d+$/.test(name))
      .map((name) => join(CPUS, name, 'thermal_throttle'));
  } catch {
    // No such kernel, or no sysfs: nothing to hide.
    return [];
  }
}
