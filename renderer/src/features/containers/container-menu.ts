import type { NavigateFunction } from 'react-router';
import type { ContainerSummary } from '@longshore/engine/types';
import { copyText } from '../../lib/clipboard.ts';
import type { Text } from '../../messages/use-text.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import type { ActionCommand } from '../commands/action-command.ts';
import { dockerMenu } from '../commands/command-menu.ts';
import {
  execCommand,
  exportCommand,
  lifeCommand,
  logsCommand,
  lookCommand,
  removeCommand,
} from '../commands/container-commands.ts';
import { displayName } from './container-list.ts';
import type { ContainerActions, ContainerVerb } from './actions.ts';
import { hasProcesses, isBusy, isLive } from './container-state.ts';

interface MenuContext {
  readonly t: Text;
  readonly actions: ContainerActions;
  readonly navigate: NavigateFunction;
}

/** Run, look, copy, and after a line what cannot be undone. */
export function containerMenu(
  container: ContainerSummary,
  { t, actions, navigate }: MenuContext,
): MenuEntry[] {
  const live = isLive(container.state);
  const busy = isBusy(container.state);
  const processes = hasProcesses(container.state);
  const { status } = container.state;
  const paused = status === 'paused';
  const act = (verb: ContainerVerb) => () => void actions.act(verb, [container]);
  const show = (tab: string) => () => void navigate(`/containers/${container.id}/${tab}`);
  return [
    live
      ? { label: t('action.stop'), icon: 'stop', disabled: busy, onSelect: act('stop') }
      : { label: t('action.start'), icon: 'play', disabled: busy, onSelect: act('start') },
    { label: t('action.restart'), icon: 'restart', disabled: busy, onSelect: act('restart') },
    paused
      ? { label: t('action.unpause'), icon: 'play', onSelect: act('unpause') }
      : { label: t('action.pause'), icon: 'pause', disabled: status !== 'running', onSelect: act('pause') },
    { label: t('action.kill'), icon: 'kill', disabled: !processes, onSelect: act('kill') },
    { kind: 'separator' },
    { label: t('tab.logs'), icon: 'logs', onSelect: show('logs') },
    {
      label: t('tab.terminal'),
      icon: 'terminal',
      disabled: status !== 'running',
      onSelect: show('terminal'),
    },
    { label: t('tab.inspect'), icon: 'search', onSelect: show('inspect') },
    { kind: 'separator' },
    {
      label: t('action.limits'),
      icon: 'sliders',
      onSelect: () => openOverlay({ kind: 'update-container', id: container.id }),
    },
    {
      label: t('action.commit'),
      icon: 'layers',
      onSelect: () => openOverlay({ kind: 'commit-container', container }),
    },
    {
      label: t('action.export'),
      icon: 'download',
      onSelect: () => openOverlay({ kind: 'export-container', container }),
    },
    { kind: 'separator' },
    { label: t('action.copyId'), icon: 'copy', onSelect: () => void copyText(container.id) },
    { label: t('action.copyName'), icon: 'copy', onSelect: () => void copyText(container.name) },
    dockerMenu(t, commandsOf(container)),
    {
      label: t('action.rename'),
      icon: 'edit',
      onSelect: () => openOverlay({ kind: 'rename-container', container }),
    },
    { kind: 'separator' },
    {
      label: t('action.delete'),
      icon: 'trash',
      danger: true,
      onSelect: () => openOverlay({ kind: 'remove-containers', containers: [container] }),
    },
  ];
}

/** What the rest of the menu does, for a terminal. */
function commandsOf(container: ContainerSummary): readonly ActionCommand[] {
  const name = displayName(container);
  const { status } = container.state;
  const running = [
    lifeCommand('stop', [name]),
    lifeCommand('restart', [name]),
    lifeCommand('pause', [name]),
    execCommand(name, { command: ['sh'] }),
    lookCommand('top', name),
    lookCommand('stats', name),
  ];
  return [
    ...(status === 'paused' ? [lifeCommand('unpause', [name])] : []),
    ...(status === 'running' ? running : isLive(container.state) ? [] : [lifeCommand('start', [name])]),
    logsCommand(name),
    lookCommand('diff', name),
    lookCommand('inspect', name),
    exportCommand(name),
    removeCommand([name], { volumes: false }),
  ];
}
