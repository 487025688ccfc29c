import { builds } from './builds.ts';
import { changes } from './changes.ts';
import { commands } from './commands.ts';
import { containerDetails } from './container-details.ts';
import { containerDialogs } from './container-dialogs.ts';
import { containerEvents } from './container-events.ts';
import { containers } from './containers.ts';
import { details } from './details.ts';
import { disk } from './disk.ts';
import { dockerTools } from './docker-tools.ts';
import { events } from './events.ts';
import { files } from './files.ts';
import { frame } from './frame.ts';
import { imageDetails } from './image-details.ts';
import { imageFiles } from './image-files.ts';
import { images } from './images.ts';
import { inspect } from './inspect.ts';
import { logs } from './logs.ts';
import { networks } from './networks.ts';
import { palette } from './palette.ts';
import { processes } from './processes.ts';
import { pull } from './pull.ts';
import { registries } from './registries.ts';
import { run } from './run.ts';
import { shared } from './shared.ts';
import { stats } from './stats.ts';
import { system } from './system.ts';
import { terminal } from './terminal.ts';
import { volumes } from './volumes.ts';

/** One part for each page or piece of the frame. No two parts have a word of the same id. */
export const parts = [
  shared,
  frame,
  system,
  containers,
  images,
  builds,
  networks,
  volumes,
  pull,
  registries,
  dockerTools,
  commands,
  disk,
  run,
  details,
  containerDetails,
  stats,
  processes,
  changes,
  files,
  containerEvents,
  events,
  containerDialogs,
  imageDetails,
  imageFiles,
  logs,
  terminal,
  inspect,
  palette,
] as const;

/** All words of the window, in English: the catalogue that translations are made from. ICU MessageFormat. */
export const en = {
  ...shared,
  ...frame,
  ...system,
  ...containers,
  ...images,
  ...builds,
  ...networks,
  ...volumes,
  ...pull,
  ...registries,
  ...dockerTools,
  ...commands,
  ...disk,
  ...run,
  ...details,
  ...containerDetails,
  ...stats,
  ...processes,
  ...changes,
  ...files,
  ...containerEvents,
  ...events,
  ...containerDialogs,
  ...imageDetails,
  ...imageFiles,
  ...logs,
  ...terminal,
  ...inspect,
  ...palette,
} as const;
