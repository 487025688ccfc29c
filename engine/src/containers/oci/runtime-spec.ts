import type { OciLinux, OciNamespace, OciRuntimeSpec } from '../../runtime/index.ts';
import type { ContainerSpec } from '../../types/index.ts';
import { effectiveCapabilities } from '../spec/capabilities.ts';
import { withDefaultEnv } from '../spec/env.ts';
import { ociSeccomp } from '../spec/seccomp-profile.ts';
import type { Devices } from './devices.ts';
import { ociMounts, rootPropagation } from './mounts.ts';
import { READONLY_PATHS } from './protected-paths.ts';
import { ociResources } from './resources.ts';
import { rlimits } from './rlimits.ts';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const OWN_CGROUP_PARENT = 'longshore';

/**
 * Docker's, since 20.10: in a network of its own, ports below 1024 and ping(8) need no capability. The values are
 * safe there because the namespace is the container's alone.
 */
function networkSysctls({ idMapping }: ContainerSpec): Readonly<Record<string, string>> {
  // The kernel takes only groups that the namespace has.
  const lastGroup = idMapping === null ? 2_147_483_647 : idMapping.size - 1;
  return {
    'net.ipv4.ip_unprivileged_port_start': '0',
    'net.ipv4.ping_group_range': `0 ${lastGroup}`,
  };
}

/** What the machine gives, besides the container's own spec. */
export interface HostTraits {
  readonly swapAccounting: boolean;
  readonly maskedPaths: readonly string[];
  /** As in OCI platforms. */
  readonly architecture: string;
  readonly kernelVersion: string;
  readonly hostname: string;
}

/** config.json of OCI runtime-spec 1.2 with Docker's defaults. */
export function runtimeSpec(
  id: string,
  spec: ContainerSpec,
  host: HostTraits,
  devices: Devices,
): OciRuntimeSpec {
  const capabilities = capabilitiesOf(spec);
  return {
    ociVersion: '1.2.0',
    ...(hasOwnName(spec) && { hostname: spec.hostname }),
    ...(hasOwnName(spec) && spec.domainname !== '' && { domainname: spec.domainname }),
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
      ...(spec.oomScoreAdj !== 0 && { oomScoreAdj: spec.oomScoreAdj }),
      ...(spec.apparmor !== null && { apparmorProfile: spec.apparmor }),
    },
    root: { path: 'rootfs', readonly: spec.readOnlyRootfs },
    mounts: ociMounts(spec),
    linux: linuxPart(id, spec, host, devices),
    ...(Object.keys(spec.annotations).length > 0 && { annotations: spec.annotations }),
  };
}

/** Where the seccomp filter of a container comes from: a privileged one has none unless it is given one. */
export function seccompOf({ seccomp, privileged }: ContainerSpec): 'default' | 'unconfined' | 'spec' {
  if (typeof seccomp === 'object') return 'spec';
  return privileged ? 'unconfined' : seccomp;
}

function linuxPart(id: string, spec: ContainerSpec, host: HostTraits, devices: Devices): OciLinux {
  const open = spec.privileged || spec.systemPaths === 'unconfined';
  const propagation = rootPropagation(spec.mounts);
  return {
    namespaces: namespaces(spec),
    cgroupsPath: `/${spec.cgroupParent === '' ? OWN_CGROUP_PARENT : spec.cgroupParent}/${id}`,
    resources: {
      ...ociResources(spec.resources, host.swapAccounting),
      ...(devices.rules !== null && { devices: devices.rules }),
      ...(devices.blockIo !== null && { blockIO: devices.blockIo }),
    },
    sysctl: { ...(hasOwnNetwork(spec) && networkSysctls(spec)), ...spec.sysctls },
    maskedPaths: open ? [] : host.maskedPaths,
    readonlyPaths: open ? [] : READONLY_PATHS,
    ...(devices.nodes.length > 0 && { devices: devices.nodes }),
    ...(propagation !== null && { rootfsPropagation: propagation }),
    ...customSeccomp(spec, host),
    ...idMappings(spec),
  };
}

function customSeccomp(spec: ContainerSpec, host: HostTraits): Pick<OciLinux, 'seccomp'> {
  if (typeof spec.seccomp !== 'object') return {};
  const { architecture, kernelVersion } = host;
  const target = { architecture, kernelVersion, capabilities: capabilitiesOf(spec) };
  return { seccomp: ociSeccomp(spec.seccomp.profile, target) };
}

function idMappings({ idMapping }: ContainerSpec): Pick<OciLinux, 'uidMappings' | 'gidMappings'> {
  if (idMapping === null) return {};
  const mappings = [{ containerID: 0, hostID: idMapping.hostId, size: idMapping.size }];
  return { uidMappings: mappings, gidMappings: mappings };
}

/** New ones; those of other containers are asked of the runtime beside the spec, those of the host are left out. */
function namespaces(spec: ContainerSpec): readonly OciNamespace[] {
  const own: OciNamespace[] = [{ type: 'mount' }];
  if (hasOwnName(spec)) own.push({ type: 'uts' });
  if (spec.pid === 'private') own.push({ type: 'pid' });
  if (['private', 'shareable', 'none'].includes(spec.ipc)) own.push({ type: 'ipc' });
  if (spec.cgroup === 'private') own.push({ type: 'cgroup' });
  if (hasOwnNetwork(spec)) own.push({ type: 'network' });
  if (spec.idMapping !== null) own.push({ type: 'user' });
  return own;
}

function hasOwnName({ uts }: ContainerSpec): boolean {
  return uts === 'private';
}

function hasOwnNetwork({ network }: ContainerSpec): boolean {
  return network === 'bridge' || network === 'none';
}

function capabilitiesOf({ privileged, capAdd, capDrop }: ContainerSpec): readonly string[] {
  return effectiveCapabilities(privileged ? ['ALL'] : capAdd, privileged ? [] : capDrop);
}

function processEnv(spec: ContainerSpec): readonly string[] {
  const terminal = spec.tty ? ['TERM=xterm'] : [];
  return withDefaultEnv([`PATH=${DEFAULT_PATH}`, `HOSTNAME=${spec.hostname}`, ...terminal], spec.env);
}
