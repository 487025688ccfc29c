import type { NavigateFunction } from 'react-router';
import type { ContainerSummary, ImageSummary, NetworkSummary, Volume } from '@longshore/engine/types';
import type { Theme } from '../../lib/preferences.ts';
import type { Text } from '../../messages/use-text.ts';
import type { IconName, ShapeName, Tone } from '../../ui/icon.tsx';
import type { ContainerActions } from '../containers/actions.ts';
import { displayName } from '../containers/container-list.ts';
import { isBusy, isLive, shownState } from '../containers/container-state.ts';
import { imageName, imagePath } from '../images/image-list.ts';
import { driverName, networkPath } from '../networks/network-list.ts';
import { type Overlay, openOverlay, useOverlays } from '../overlays/overlay-store.ts';
import { shownName, volumeKind, volumePath } from '../volumes/volume-list.ts';

export interface PaletteItem {
  readonly id: string;
  readonly label: string;
  readonly context: string;
  readonly end?: string;
  readonly mark:
    | { readonly kind: 'icon'; readonly icon: IconName }
    | { readonly kind: 'state'; readonly shape: ShapeName; readonly tone: Tone };
  readonly run: () => void;
}

export interface PaletteContext {
  readonly t: Text;
  readonly navigate: NavigateFunction;
  readonly actions: ContainerActions;
  readonly setTheme: (theme: Theme) => void;
  readonly size: (bytes: number) => string;
}

const icon = (name: IconName) => ({ kind: 'icon', icon: name }) as const;

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

function imageCommands(t: Text): PaletteItem[] {
  const command = (id: string, label: string, mark: IconName, overlay: Overlay): PaletteItem => ({
    id,
    label,
    context: '',
    mark: icon(mark),
    run: () => openOverlay(overlay),
  });
  return [
    command('load images', t('loadImages.title'), 'upload', { kind: 'load-images', files: [] }),
    command('prune images', t('images.prune'), 'clear', { kind: 'prune-images' }),
    command('clean up', t('disk.cleanUp'), 'clear', { kind: 'prune-system' }),
    command('sign in', t('signIn.title'), 'sliders', { kind: 'sign-in' }),
  ];
}

export function commandItems({ t, navigate, setTheme }: PaletteContext): PaletteItem[] {
  const themes: readonly Theme[] = ['system', 'light', 'dark'];
  return [
    {
      id: 'run',
      label: t('containers.run'),
      context: '',
      mark: icon('plus'),
      run: () => openOverlay({ kind: 'run', image: '' }),
    },
    {
      id: 'pull',
      label: t('images.pull'),
      context: '',
      mark: icon('download'),
      run: () => openOverlay({ kind: 'pull', reference: '' }),
    },
    {
      id: 'build',
      label: t('builds.build'),
      context: '',
      mark: icon('build'),
      run: () => openOverlay({ kind: 'build' }),
    },
    ...imageCommands(t),
    {
      id: 'go disk',
      label: t('palette.goDisk'),
      context: '',
      mark: icon('disk'),
      run: () => void navigate('/disk'),
    },
    {
      id: 'go settings',
      label: t('palette.goSettings'),
      context: '',
      mark: icon('sliders'),
      run: () => void navigate('/settings'),
    },
    {
      id: 'prune containers',
      label: t('action.prune'),
      context: '',
      mark: icon('trash'),
      run: () => openOverlay({ kind: 'prune-containers' }),
    },
    {
      id: 'go containers',
      label: t('palette.goContainers'),
      context: '',
      mark: icon('box'),
      run: () => void navigate('/containers'),
    },
    {
      id: 'go images',
      label: t('palette.goImages'),
      context: '',
      mark: icon('layers'),
      run: () => void navigate('/images'),
    },
    {
      id: 'go builds',
      label: t('palette.goBuilds'),
      context: '',
      mark: icon('build'),
      run: () => void navigate('/builds'),
    },
    {
      id: 'go volumes',
      label: t('palette.goVolumes'),
      context: '',
      mark: icon('volume'),
      run: () => void navigate('/volumes'),
    },
    {
      id: 'go networks',
      label: t('palette.goNetworks'),
      context: '',
      mark: icon('network'),
      run: () => void navigate('/networks'),
    },
    {
      id: 'picture of networks',
      label: t('palette.goMap'),
      context: '',
      mark: icon('topology'),
      run: () => void navigate('/networks/map'),
    },
    {
      id: 'create volume',
      label: t('volumes.create'),
      context: '',
      mark: icon('plus'),
      run: () => openOverlay({ kind: 'create-volume' }),
    },
    {
      id: 'create network',
      label: t('networks.create'),
      context: '',
      mark: icon('plus'),
      run: () => openOverlay({ kind: 'create-network' }),
    },
    {
      id: 'tasks',
      label: t('palette.tasks'),
      context: '',
      mark: icon('bell'),
      run: () => useOverlays.getState().setTasksOpen(true),
    },
    ...themes.map((theme): PaletteItem => ({
      id: `theme ${theme}`,
      label: t('palette.theme', { theme: t(`theme.${theme}`) }),
      context: '',
      end: t('theme.title'),
      mark: icon('theme'),
      run: () => setTheme(theme),
    })),
  ];
}
