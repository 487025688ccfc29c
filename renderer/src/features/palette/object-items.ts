import type { ContainerSummary, ImageSummary, NetworkSummary, Volume } from '@longshore/engine/types';
import { displayName } from '../containers/container-list.ts';
import { isBusy, isLive, shownState } from '../containers/container-state.ts';
import { imageName, imagePath } from '../images/image-list.ts';
import { driverName, networkPath } from '../networks/network-list.ts';
import { openOverlay } from '../overlays/overlay-store.ts';
import { shownName, volumeKind, volumePath } from '../volumes/volume-list.ts';
import { icon, type PaletteContext, type PaletteItem } from './palette-item.ts';

export function containerItems(
  containers: readonly ContainerSummary[],
  context: PaletteContext,
): PaletteItem[] {
  const { t, navigate } = context;
  return containers.map((container) => {
    const state = shownState(container.state);
    return {
      id: `container ${container.id}`,
      label: displayName(container),
      context: `${t(state.word, state.values)}, ${container.image.reference}`,
      mark: { kind: 'state', shape: state.shape, tone: state.tone },
      run: () => void navigate(`/containers/${container.id}/overview`),
    };
  });
}

export function containerActionItems(
  containers: readonly ContainerSummary[],
  context: PaletteContext,
): PaletteItem[] {
  const { t, navigate, actions } = context;
  return containers.flatMap((container): PaletteItem[] => {
    const name = displayName(container);
    const base = { context: container.image.reference };
    const logs: PaletteItem = {
      ...base,
      id: `logs ${container.id}`,
      label: t('palette.logs', { name }),
      mark: icon('logs'),
      run: () => void navigate(`/containers/${container.id}/logs`),
    };
    if (isBusy(container.state)) return [logs];
    if (!isLive(container.state)) {
      const start: PaletteItem = {
        ...base,
        id: `start ${container.id}`,
        label: t('palette.start', { name }),
        mark: icon('play'),
        run: () => void actions.act('start', [container]),
      };
      return [start, logs];
    }
    return [
      {
        ...base,
        id: `shell ${container.id}`,
        label: t('palette.shell', { name }),
        mark: icon('terminal'),
        run: () => void navigate(`/containers/${container.id}/terminal`),
      },
      logs,
      {
        ...base,
        id: `restart ${container.id}`,
        label: t('palette.restart', { name }),
        mark: icon('restart'),
        run: () => void actions.act('restart', [container]),
      },
      {
        ...base,
        id: `stop ${container.id}`,
        label: t('palette.stop', { name }),
        mark: icon('stop'),
        run: () => void actions.act('stop', [container]),
      },
    ];
  });
}

export function imageItems(images: readonly ImageSummary[], context: PaletteContext): PaletteItem[] {
  const { navigate, size } = context;
  return images.map((image) => ({
    id: `image ${image.id}`,
    label: imageName(image),
    context: size(image.sizeBytes),
    mark: icon('layers'),
    run: () => void navigate(imagePath(image)),
  }));
}

export function volumeItems(volumes: readonly Volume[], { t, navigate }: PaletteContext): PaletteItem[] {
  return volumes.map((volume) => ({
    id: `volume ${volume.name}`,
    label: shownName(volume),
    context: [t(volumeKind(volume)), ...volume.usedBy.map(({ name }) => name)].join(', '),
    mark: icon('volume'),
    run: () => void navigate(volumePath(volume.name)),
  }));
}

export function networkItems(
  networks: readonly NetworkSummary[],
  { navigate }: PaletteContext,
): PaletteItem[] {
  return networks.map((network) => ({
    id: `network ${network.id}`,
    label: network.name,
    context: [driverName(network.driver), ...network.subnets.map(({ subnet }) => subnet)].join(', '),
    mark: icon('network'),
    run: () => void navigate(networkPath(network)),
  }));
}

export function imageActionItems(images: readonly ImageSummary[], { t }: PaletteContext): PaletteItem[] {
  return images
    .filter((image) => image.references.length > 0)
    .map((image) => ({
      id: `run ${image.id}`,
      label: t('palette.runImage', { name: imageName(image) }),
      context: '',
      mark: icon('play'),
      run: () => openOverlay({ kind: 'run', image: imageName(image) }),
    }))
    .concat(
      images.flatMap((image) => [
        {
          id: `push ${image.id}`,
          label: t('palette.pushImage', { name: imageName(image) }),
          context: '',
          mark: icon('upload'),
          run: () => openOverlay({ kind: 'push-image', image }),
        },
        {
          id: `save ${image.id}`,
          label: t('palette.saveImage', { name: imageName(image) }),
          context: '',
          mark: icon('file'),
          run: () => openOverlay({ kind: 'save-images', images: [image] }),
        },
      ]),
    );
}
