import type { NetworkSummary } from '@longshore/engine/types';
import { copyText } from '../../lib/clipboard.ts';
import type { Text } from '../../messages/use-text.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { dockerMenu } from '../commands/command-menu.ts';
import {
  disconnectCommand,
  inspectNetworkCommand,
  removeNetworksCommand,
} from '../commands/network-commands.ts';

/** Whether containers can be put on it: the one of the machine and the one without anything take nobody. */
export function takesMembers({ driver }: NetworkSummary): boolean {
  return driver !== 'host' && driver !== 'null';
}

export function networkMenu(network: NetworkSummary, t: Text): MenuEntry[] {
  return [
    {
      label: t('connect.openContainer'),
      icon: 'plus',
      disabled: !takesMembers(network),
      onSelect: () => openOverlay({ kind: 'connect', network: network.name }),
    },
    { kind: 'separator' },
    { label: t('action.copyId'), icon: 'copy', onSelect: () => void copyText(network.id) },
    { label: t('action.copyName'), icon: 'copy', onSelect: () => void copyText(network.name) },
    dockerMenu(t, [
      inspectNetworkCommand(network.name),
      ...network.usedBy.map((container) => disconnectCommand(network.name, container)),
      ...(network.builtIn ? [] : [removeNetworksCommand([network.name])]),
    ]),
    { kind: 'separator' },
    {
      label: t('action.delete'),
      icon: 'trash',
      danger: true,
      disabled: network.builtIn,
      onSelect: () => openOverlay({ kind: 'remove-networks', networks: [network] }),
    },
  ];
}
