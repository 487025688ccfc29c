import type { OciMount } from '../../runtime/index.ts';
import type { BindMount, ContainerMount, ContainerSpec, TmpfsMount, VolumeMount } from '../../types/index.ts';
import { normaliseTarget } from '../spec/mounts.ts';

/** Docker's default mounts with Docker's options (moby, oci/defaults.go), as far as they never vary. */
const DEFAULT_MOUNTS: readonly OciMount[] = [
  mount('proc', '/proc', 'proc', ['nosuid', 'noexec', 'nodev']),
  mount('tmpfs', '/dev', 'tmpfs', ['nosuid', 'strictatime', 'mode=755', 'size=65536k']),
  mount('devpts', '/dev/pts', 'devpts', [
    'nosuid',
    'noexec',
    'newinstance',
    'ptmxmode=0666',
    'mode=0620',
    'gid=5',
  ]),
  mount('mqueue', '/dev/mqueue', 'mqueue', ['nosuid', 'noexec', 'nodev']),
];

const SHARED_PROPAGATIONS: readonly string[] = ['shared', 'rshared', 'slave', 'rslave'];

type Mounting = Pick<ContainerSpec, 'mounts' | 'shmSizeBytes' | 'ipc' | 'privileged'>;

/** The defaults, then the asked ones, which replace a default at the same place; parents before children. */
export function ociMounts(spec: Mounting): readonly OciMount[] {
  const asked = spec.mounts.map(ociMount).sort((a, b) => depth(a) - depth(b));
  const targets = new Set(asked.map(({ destination }) => destination));
  const defaults = [...DEFAULT_MOUNTS, ...systemMounts(spec), ...sharedMemory(spec)];
  return [...defaults.filter(({ destination }) => !targets.has(destination)), ...asked];
}

/**
 * How the root of the container's mounts must stand to the host's: mounts that are to come in or go out need a path
 * that lets them.
 */
export function rootPropagation(mounts: readonly ContainerMount[]): 'rshared' | 'rslave' | null {
  const asked = mounts.map((mount) => (mount.type === 'bind' ? mount.propagation : 'rprivate'));
  if (asked.some((propagation) => propagation === 'shared' || propagation === 'rshared')) return 'rshared';
  return asked.some((propagation) => SHARED_PROPAGATIONS.includes(propagation)) ? 'rslave' : null;
}

/** A privileged container may change the kernel's settings and its cgroup. */
function systemMounts({ privileged }: Mounting): readonly OciMount[] {
  const access = privileged ? 'rw' : 'ro';
  return [
    mount('sysfs', '/sys', 'sysfs', ['nosuid', 'noexec', 'nodev', access]),
    mount('cgroup', '/sys/fs/cgroup', 'cgroup', [access, 'nosuid', 'noexec', 'nodev']),
  ];
}

/** Where the IPC namespace is another's, so is its shared memory: the runtime brings it with the namespace. */
function sharedMemory({ ipc, shmSizeBytes }: Mounting): readonly OciMount[] {
  if (ipc === 'none' || ipc.startsWith('container:')) return [];
  if (ipc === 'host') return [mount('bind', '/dev/shm', '/dev/shm', ['rbind', 'rprivate', 'rw'])];
  const options = ['nosuid', 'noexec', 'nodev', 'mode=1777', `size=${shmSizeBytes}`];
  return [mount('tmpfs', '/dev/shm', 'shm', options)];
}

function ociMount(asked: ContainerMount): OciMount {
  switch (asked.type) {
    case 'bind':
      return bindMount(asked);
    case 'tmpfs':
      return tmpfsMount(asked);
    case 'volume':
      return volumeMount(asked);
  }
}

/** The runtime knows where the volume's data is. */
function volumeMount({ source, target, readOnly, subpath }: VolumeMount): OciMount {
  return mount('volume', normaliseTarget(target), source, [
    readOnly ? 'ro' : 'rw',
    ...(subpath === '' ? [] : [`subpath=${subpath}`]),
  ]);
}

function bindMount({ source, target, readOnly, recursive, propagation }: BindMount): OciMount {
  // Read-only goes for all mounts below the source as well.
  const access = readOnly ? ['ro', ...(recursive ? ['rro'] : [])] : ['rw'];
  return mount('bind', normaliseTarget(target), source, [
    recursive ? 'rbind' : 'bind',
    propagation,
    ...access,
  ]);
}

/** Docker's defaults; an option that is asked comes later and wins. */
function tmpfsMount({ target, sizeBytes, mode, options }: TmpfsMount): OciMount {
  return mount('tmpfs', normaliseTarget(target), 'tmpfs', [
    ...['noexec', 'nosuid', 'nodev'].filter((option) => !options.includes(option.replace('no', ''))),
    ...(sizeBytes === null ? [] : [`size=${sizeBytes}`]),
    ...(mode === null ? [] : [`mode=${mode.toString(8)}`]),
    ...options,
  ]);
}

function mount(type: string, destination: string, source: string, options: readonly string[]): OciMount {
  return { destination, type, source, options };
}

function depth({ destination }: OciMount): number {
  return destination.split('/').length;
}
