import type { Theme } from '../../lib/preferences.ts';
import type { MessageId } from '../../messages/use-text.ts';
import type { IconName } from '../../ui/icon.tsx';
import { type Overlay, openOverlay, useOverlays } from '../overlays/overlay-store.ts';
import { icon, type PaletteContext, type PaletteItem } from './palette-item.ts';

type Command = readonly [MessageId, IconName, Overlay];
type Place = readonly [MessageId, IconName, string];

/** What opens a dialog. */
const COMMANDS: readonly Command[] = [
  ['containers.run', 'plus', { kind: 'run', image: '' }],
  ['images.pull', 'download', { kind: 'pull', reference: '' }],
  ['builds.build', 'build', { kind: 'build' }],
  ['loadImages.title', 'upload', { kind: 'load-images', files: [] }],
  ['images.prune', 'clear', { kind: 'prune-images' }],
  ['disk.cleanUp', 'clear', { kind: 'prune-system' }],
  ['signIn.title', 'sliders', { kind: 'sign-in' }],
  ['action.prune', 'clear', { kind: 'prune-containers' }],
  ['volumes.create', 'plus', { kind: 'create-volume' }],
  ['networks.create', 'plus', { kind: 'create-network' }],
  ['volumes.prune', 'clear', { kind: 'prune-volumes' }],
  ['networks.prune', 'clear', { kind: 'prune-networks' }],
  ['builds.prune', 'clear', { kind: 'prune-build-cache' }],
];

const PLACES: readonly Place[] = [
  ['palette.goContainers', 'box', '/containers'],
  ['palette.goImages', 'layers', '/images'],
  ['palette.goVolumes', 'volume', '/volumes'],
  ['palette.goTrash', 'trash', '/volumes/trash'],
  ['palette.goNetworks', 'network', '/networks'],
  ['palette.goMap', 'topology', '/networks/map'],
  ['palette.goBuilds', 'build', '/builds'],
  ['palette.goEvents', 'activity', '/events'],
  ['palette.goDisk', 'disk', '/disk'],
  ['palette.goSettings', 'sliders', '/settings'],
  ['palette.goDocker', 'sliders', '/settings/docker'],
  ['palette.goTerminal', 'terminal', '/settings/terminal'],
];

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export function commandItems({ t, navigate, setTheme }: PaletteContext): readonly PaletteItem[] {
  return [
    ...COMMANDS.map(([label, mark, overlay]): PaletteItem => ({
      id: label,
      label: t(label),
      context: '',
      mark: icon(mark),
      run: () => openOverlay(overlay),
    })),
    ...PLACES.map(([label, mark, path]): PaletteItem => ({
      id: label,
      label: t(label),
      context: '',
      mark: icon(mark),
      run: () => void navigate(path),
    })),
    {
      id: 'tasks',
      label: t('palette.tasks'),
      context: '',
      mark: icon('bell'),
      run: () => useOverlays.getState().setTasksOpen(true),
    },
    ...THEMES.map((theme): PaletteItem => ({
      id: `theme ${theme}`,
      label: t('palette.theme', { theme: t(`theme.${theme}`) }),
      context: '',
      end: t('theme.title'),
      mark: icon('theme'),
      run: () => setTheme(theme),
    })),
  ];
}
