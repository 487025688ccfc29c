import type { OciLinux, OciNamespace, OciRuntimeSpec } from '../runtime/index.ts';
import type { ContainerSpec } from '../types/index.ts';
import { effectiveCapabilities } from './capabilities.ts';
import { withDefaultEnv } from './env.ts';
import { ociMounts } from './mounts.ts';
import { READONLY_PATHS } from './protected-paths.ts';
import { ociResources } from './resources.ts';
import { rlimits } from './rlimits.ts';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Docker's, since 20.10: in a network of its own, ports below 1024 and ping(8) need no capability. The values are
 * safe there because the namespace is the container's alone.
 */
const NETWORK_SYSCTLS: Readonly<Record<string, string>> = {
  'net.ipv4.ip_unprivileged_port_start': '0',
  'net.ipv4.ping_group_range': '0 2147483647',
};

/** What the machine gives, besides the container's own spec. */
export interface HostTraits {
  readonly swapAccounting: boolean;
  readonly maskedPaths: readonly string[];
}

/** config.json of OCI runtime-spec 1.2 with Docker's defaults. */
export function runtimeSpec(id: string, spec: ContainerSpec, host: HostTraits): OciRuntimeSpec {
  const capabilities = effectiveCapabilities(spec.capAdd, spec.capDrop);
  return {
    ociVersion: '1.2.0',
    hostname: spec.hostname,
    ...(spec.domainname !== '' && { domainname: spec.domainname }),
    process: {
      terminal: spec.tty,
      user: { uid: 0, gid: 0 },
      args: [...spec.entrypoint, ...spec.command],
      env: processEnv(spec),
      cwd: spec.workingDir,
      // Inheritable stays empty (CVE-2022-24769); ambient as well, so that a user other than root has none.
      capabilities: {
        bounding: capabilities,
        effective: capabilities,
        permitted: capabilities,
        inheritable: [],
        ambient: [],
      },
      rlimits: rlimits(spec.ulimits),
      noNewPrivileges: spec.noNewPrivileges,
    },
    root: { path: 'rootfs', readonly: spec.readOnlyRootfs },
    mounts: ociMounts(spec),
    linux: linuxPart(id, spec, host),
  };
}

function linuxPart(id: string, spec: ContainerSpec, host: HostTraits): OciLinux {
  return {
    namespaces: namespaces(spec),
    cgroupsPath: `longshore/${id}`,
    resources: ociResources(spec.resources, host.swapAccounting),
    sysctl: spec.network === 'host' ? {} : NETWORK_SYSCTLS,
    maskedPaths: host.maskedPaths,
    readonlyPaths: READONLY_PATHS,
  };
}

function namespaces(spec: ContainerSpec): readonly OciNamespace[] {
  const own: OciNamespace[] = [
    { type: 'mount' },
    { type: 'uts' },
    { type: 'pid' },
    { type: 'ipc' },
    { type: 'cgroup' },
  ];
  return spec.network === 'host' ? own : [...own, { type: 'network' }];
}

function processEnv(spec: ContainerSpec): readonly string[] {
  const terminal = spec.tty ? ['TERM=xterm'] : [];
  return withDefaultEnv([`PATH=${DEFAULT_PATH}`, `HOSTNAME=${spec.hostname}`, ...terminal], spec.env);
}
