import type { HostUsage } from '../../runtime/index.ts';
import type { HostInfo } from '../../types/index.ts';
import {
  CgroupMode,
  type HelloResponse,
  type UsageResponse,
} from '../generated/longshore/agent/v1/system.ts';

export function fromWireHost(hello: HelloResponse): HostInfo {
  return {
    os: 'linux',
    architecture: hello.architecture,
    kernelVersion: hello.kernelVersion,
    cgroupMode: cgroupMode(hello.cgroupMode),
    cgroupControllers: hello.cgroupControllers,
    firewall: hello.firewall,
    warnings: hello.warnings,
  };
}

export function fromWireUsage(usage: UsageResponse): HostUsage {
  return {
    cpus: usage.cpus,
    cpuBusyMs: Number(usage.cpuBusyMs),
    cpuTotalMs: Number(usage.cpuTotalMs),
    memoryTotalBytes: Number(usage.memoryTotalBytes),
    memoryUsedBytes: Number(usage.memoryUsedBytes),
    diskTotalBytes: Number(usage.diskTotalBytes),
    diskUsedBytes: Number(usage.diskUsedBytes),
  };
}

function cgroupMode(mode: CgroupMode): HostInfo['cgroupMode'] {
  if (mode === CgroupMode.CGROUP_MODE_V1) return 'v1';
  return mode === CgroupMode.CGROUP_MODE_HYBRID ? 'hybrid' : 'v2';
}
