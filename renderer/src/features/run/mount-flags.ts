import type { ContainerRequestInput } from '@longshore/engine/contract';
import { size } from './flags.ts';

type Mount = NonNullable<ContainerRequestInput['mounts']>[number];
type Bind = Extract<Mount, { type: 'bind' }>;
type Tmpfs = Extract<Mount, { type: 'tmpfs' }>;

export function mountFlags(mount: Mount): readonly string[] {
  if (mount.type === 'tmpfs') return ['--tmpfs', tmpfs(mount)];
  return mount.createSource === true ? ['-v', volume(mount)] : ['--mount', bind(mount)];
}

/** `-v` makes a source that is missing. */
function volume({ source, target, readOnly, propagation, recursive }: Bind): string {
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
