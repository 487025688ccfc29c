import type { Command } from 'commander';
import type { CommandContext } from '../../context.ts';
import { addInspectNetworks } from '../inspect.ts';
import { addCreateNetwork } from './create.ts';
import { addListNetworks } from './list.ts';
import { addConnect, addDisconnect, addProbe } from './members.ts';
import { addPruneNetworks, addRemoveNetworks } from './remove.ts';

/** Of `network`, in the order of its help. */
export const NETWORK_VERBS: readonly ((group: Command, context: CommandContext) => void)[] = [
  addCreateNetwork,
  addListNetworks,
  addInspectNetworks,
  addConnect,
  addDisconnect,
  addProbe,
  addRemoveNetworks,
  addPruneNetworks,
];
