import type { ContainerRequestInput } from '@longshore/engine/contract';
import { size } from './flags.ts';

type Mount = NonNullable<ContainerRequestInput['mounts']>[number];
type Bind = Extract<Mount, { type: 'bind' }>;
type Tmpfs = Extract<Mount, { type: 'tmpfs' }>;
type Volume = Extract<Mount, { type: 'volume' }>;

export function mountFlags(mount: Mount): readonly string[] {
  switch (mount.type) {
    case 'tmpfs':
      return ['--tmpfs', tmpfs(mount)];
    case 'volume':
      return mount.subpath === undefined
        ? ['-v', shortVolume(mount)]
        : ['--mount', volume(mount, mount.subpath)];
    case 'bind':
      return mount.createSource === true ? ['-v', shortBind(mount)] : ['--mount', bind(mount)];
  }
}

/** `name:/path:ro`; of an anonymous one only the path. */
function shortVolume({ source, target, readOnly, noCopy }: Volume): string {
  const options = [readOnly === true && 'ro', noCopy === true && 'nocopy'].filter(
    (option) => option !== false,
  );
  const places = source === undefined ? [target] : [source, target];
  return [...places, ...(options.length > 0 ? [options.join(',')] : [])].join(':');
}

/** Only here a folder in the volume can be named. */
function volume({ source, target, readOnly, noCopy }: Volume, subpath: string): string {
  return [
    'type=volume',
    source !== undefined && `source=${source}`,
    `target=${target}`,
    readOnly === true && 'readonly',
    noCopy === true && 'volume-nocopy',
    `volume-subpath=${subpath}`,
  ]
    .filter((field) => field !== false)
    .join(',');
}

/** `-v` makes a source that is missing. */
function shortBind({ source, target, readOnly, propagation, recursive }: Bind): string {
  const options = [
    readOnly === true && 'ro',
    propagation !== undefined && propagation !== 'rprivate' && propagation,
    recursive === false && 'bind',
  ].filter((option) => option !== false);
  return [source, target, ...(options.length > 0 ? [options.join(',')] : [])].join(':');
}

/** `--mount` refuses one that is missing. */
function bind({ source, target, readOnly, propagation, recursive }: Bind): string {
  return [
    'type=bind',
    `source=${source}`,
    `target=${target}`,
    readOnly === true && 'readonly',
    propagation !== undefined && propagation !== 'rprivate' && `bind-propagation=${propagation}`,
    recursive === false && 'bind-recursive=disabled',
  ]
    .filter((field) => field !== false)
    .join(',');
}

function tmpfs({ target, sizeBytes, mode, options }: Tmpfs): string {
  const words = [
    ...(typeof sizeBytes === 'number' ? [`size=${size(sizeBytes) ?? ''}`] : []),
    ...(typeof mode === 'number' ? [`mode=${mode.toString(8)}`] : []),
    ...(options ?? []),
  ];
  return words.length === 0 ? target : `${target}:${words.join(',')}`;
}
