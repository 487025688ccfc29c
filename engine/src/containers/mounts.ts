import { posix } from 'node:path';
import { EngineError } from '../errors/index.ts';
import type { OciMount } from '../runtime/index.ts';
import type { ContainerMount, ContainerSpec } from '../types/index.ts';

/** Docker's default mounts with Docker's options (moby, oci/defaults.go), without /dev/shm, whose size varies. */
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
  mount('sysfs', '/sys', 'sysfs', ['nosuid', 'noexec', 'nodev', 'ro']),
  mount('cgroup', '/sys/fs/cgroup', 'cgroup', ['ro', 'nosuid', 'noexec', 'nodev']),
  mount('mqueue', '/dev/mqueue', 'mqueue', ['nosuid', 'noexec', 'nodev']),
];

/** The defaults, then the asked ones, which replace a default at the same place; parents before children. */
export function ociMounts(spec: Pick<ContainerSpec, 'mounts' | 'shmSizeBytes'>): readonly OciMount[] {
  const asked = spec.mounts.map(ociMount).sort((a, b) => depth(a) - depth(b));
  const targets = new Set(asked.map(({ destination }) => destination));
  const shm = mount('tmpfs', '/dev/shm', 'shm', [
    'nosuid',
    'noexec',
    'nodev',
    'mode=1777',
    `size=${spec.shmSizeBytes}`,
  ]);
  const defaults = [...DEFAULT_MOUNTS, shm].filter(({ destination }) => !targets.has(destination));
  return [...defaults, ...asked];
}

/** Refuses targets that cannot be: the root itself, and two mounts at one place. */
export function checkMounts(mounts: readonly ContainerMount[]): void {
  const targets = new Set<string>();
  for (const { target } of mounts) {
    const place = normalise(target);
    if (place === '/') throw refused('The root of a container cannot be a mount target.', target);
    if (targets.has(place)) throw refused(`Two mounts have the target ${place}.`, target);
    targets.add(place);
  }
}

function ociMount(asked: ContainerMount): OciMount {
  const target = normalise(asked.target);
  if (asked.type === 'bind') {
    // Read-only goes for all mounts below the source as well.
    const access = asked.readOnly ? ['ro', 'rro'] : ['rw'];
    return mount('bind', target, asked.source, ['rbind', 'rprivate', ...access]);
  }
  const size = asked.sizeBytes === null ? [] : [`size=${asked.sizeBytes}`];
  return mount('tmpfs', target, 'tmpfs', ['noexec', 'nosuid', 'nodev', ...size]);
}

function mount(type: string, destination: string, source: string, options: readonly string[]): OciMount {
  return { destination, type, source, options };
}

function normalise(target: string): string {
  const path = posix.normalize(target);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function depth({ destination }: OciMount): number {
  return destination.split('/').length;
}

function refused(message: string, path: string): EngineError {
  return new EngineError('invalid-argument', message, { detail: { step: 'mount', path } });
}
