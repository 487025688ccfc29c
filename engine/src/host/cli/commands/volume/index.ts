import type { Command } from 'commander';
import type { CommandContext } from '../../context.ts';
import { addInspectVolumes } from '../inspect.ts';
import { addCreateVolume } from './create.ts';
import { addListVolumes } from './list.ts';
import { addSizeVolumes } from './look.ts';
import { addEmptyVolumes, addPruneVolumes, addRemoveVolumes } from './remove.ts';
import { addCloneVolume, addExportVolume, addImportVolume } from './transfer.ts';
import { addVolumeTrash } from './trash.ts';

/** Of `volume`, in the order of its help. */
export const VOLUME_VERBS: readonly ((group: Command, context: CommandContext) => void)[] = [
  addCreateVolume,
  addListVolumes,
  addInspectVolumes,
  addSizeVolumes,
  addCloneVolume,
  addEmptyVolumes,
  addExportVolume,
  addImportVolume,
  addRemoveVolumes,
  addPruneVolumes,
  addVolumeTrash,
];
