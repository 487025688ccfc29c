import type { Command } from 'commander';
import type { CommandContext } from '../../context.ts';
import { addEvents } from '../events.ts';
import { addInfo } from '../system.ts';
import { addDiskUsage } from './disk-usage.ts';
import { addPruneSystem } from './prune.ts';

/** Of `system`, in the order of its help. */
export const SYSTEM_VERBS: readonly ((group: Command, context: CommandContext) => void)[] = [
  addDiskUsage,
  addEvents,
  addInfo,
  addPruneSystem,
];
