import type { ContainerDetails, ContainerUsage } from '../../types/index.ts';
import { configJson } from './container-config.ts';
import { mountPoints } from './container-mounts.ts';
import { stateJson } from './container-status.ts';
import { hostConfigJson } from './host-config.ts';
import { networkSettingsJson } from './network-settings.ts';

/** What the wire needs besides the container. */
export interface ContainerSurroundings {
  readonly version: number;
  readonly execIds: readonly string[];
  readonly mountpointOf: (volume: string) => string;
  readonly sizes?: ContainerSizes | undefined;
}

export interface ContainerSizes {
  readonly usage: ContainerUsage;
  /** Of the image's layers, unpacked. */
  readonly imageBytes: number;
}

/** `GET /containers/{id}/json`. */
export function containerJson(details: ContainerDetails, around: ContainerSurroundings): object {
  const { id, name, image, command, createdAt, state, spec, platform } = details;
  const [path = '', ...args] = command;
  return {
    Id: id,
    Created: createdAt,
    Path: path,
    Args: args,
    State: stateJson(details),
    Image: image.id,
    ResolvConfPath: '',
    HostnamePath: '',
    HostsPath: '',
    LogPath: '',
    Name: `/${name}`,
    RestartCount: state.restartCount,
    Driver: 'overlay2',
    Platform: platform.split('/')[0] ?? 'linux',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: spec.apparmor ?? '',
    ExecIDs: around.execIds.length === 0 ? null : around.execIds,
    HostConfig: hostConfigJson(details, around.version),
    GraphDriver: { Name: 'overlay2', Data: null },
    ...sizesJson(around.sizes),
    Mounts: mountPoints(spec.mounts, around.mountpointOf),
    Config: configJson(details, around.version),
    NetworkSettings: networkSettingsJson(details, around.version),
  };
}

/** `SizeRw` and `SizeRootFs`, where they were asked for. */
export function sizesJson(sizes: ContainerSizes | undefined): object {
  if (sizes === undefined) return {};
  const { usage, imageBytes } = sizes;
  return { SizeRw: usage.writableBytes, SizeRootFs: imageBytes + usage.writableBytes };
}
