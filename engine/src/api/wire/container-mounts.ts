import type { ContainerMount } from '../../types/index.ts';

/** A mount as `-v` has it; undefined for what only `--mount` can say. */
export function bindText(mount: ContainerMount): string | undefined {
  if (mount.type === 'tmpfs') return undefined;
  if (mount.type === 'volume' && (mount.anonymous || mount.subpath !== '')) return undefined;
  const options = [
    ...(mount.readOnly ? ['ro'] : []),
    ...(mount.type === 'volume' && mount.noCopy ? ['nocopy'] : []),
    ...(mount.type === 'bind' && mount.propagation !== 'rprivate' ? [mount.propagation] : []),
  ];
  // Without it a missing source is an error, which `-v` cannot say.
  if (mount.type === 'bind' && !mount.createSource) return undefined;
  return [mount.source, mount.target, ...(options.length === 0 ? [] : [options.join(',')])].join(':');
}

/** What `-v` cannot say, as `--mount` has it. */
export function mountSettings(mount: ContainerMount): object | undefined {
  if (mount.type === 'tmpfs' || bindText(mount) !== undefined) return undefined;
  if (mount.type === 'volume' && mount.anonymous) return undefined;
  return {
    Type: mount.type,
    Source: mount.source,
    Target: mount.target,
    ...(mount.readOnly && { ReadOnly: true }),
    ...(mount.type === 'volume' && mount.subpath !== '' && { VolumeOptions: { Subpath: mount.subpath } }),
  };
}

/** `Mounts` of lists and inspect: what is there. Of a volume, where its data is on the machine. */
export function mountPoints(
  mounts: readonly ContainerMount[],
  mountpointOf: (volume: string) => string,
): readonly object[] {
  return mounts.flatMap((mount): readonly object[] => {
    switch (mount.type) {
      case 'tmpfs':
        return [];
      case 'bind':
        return [
          {
            Type: 'bind',
            Source: mount.source,
            Destination: mount.target,
            Mode: mount.readOnly ? 'ro' : '',
            RW: !mount.readOnly,
            Propagation: mount.propagation,
          },
        ];
      case 'volume':
        return [
          {
            Type: 'volume',
            Name: mount.source,
            Source: mountpointOf(mount.source),
            Destination: mount.target,
            Driver: 'local',
            Mode: mount.readOnly ? 'ro' : mount.anonymous ? '' : 'z',
            RW: !mount.readOnly,
            Propagation: '',
          },
        ];
    }
  });
}
