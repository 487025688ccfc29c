import type { Command } from 'commander';
import type { CommandContext } from '../../context.ts';
import { addCatalog, addReferrers, addTags } from './look.ts';
import { addRemoveManifest } from './remove.ts';
import { addDownloads, addProxy, addSetRegistry, addSettings, addUnsetRegistry } from './settings.ts';

/** Of `registry`, in the order of its help. */
export const REGISTRY_VERBS: readonly ((group: Command, context: CommandContext) => void)[] = [
  addCatalog,
  addTags,
  addReferrers,
  addRemoveManifest,
  addSettings,
  addSetRegistry,
  addUnsetRegistry,
  addDownloads,
  addProxy,
];
