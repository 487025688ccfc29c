import { Command } from 'commander';
import { resolveFolders } from '../../index.ts';
import { addAttach } from './commands/attach.ts';
import { addEvents } from './commands/events.ts';
import { addExec } from './commands/exec.ts';
import { addImages, addRemoveImages, addTag } from './commands/images.ts';
import { addInspect } from './commands/inspect.ts';
import {
  addKill,
  addRemove,
  addRename,
  addRestart,
  addStart,
  addStop,
  addWait,
} from './commands/lifecycle.ts';
import { addLogs } from './commands/logs.ts';
import { addPs } from './commands/ps.ts';
import { addPull } from './commands/pull.ts';
import { addCreate, addRun } from './commands/run.ts';
import { addServe } from './commands/serve.ts';
import { addStarter } from './commands/starter.ts';
import { addInfo } from './commands/system.ts';
import type { CommandContext, Folders } from './context.ts';

const VERBS = [
  addRun,
  addCreate,
  addPs,
  addStart,
  addStop,
  addRestart,
  addKill,
  addRemove,
  addRename,
  addWait,
  addLogs,
  addExec,
  addAttach,
  addPull,
  addImages,
  addTag,
  addStarter,
  addRemoveImages,
  addInspect,
  addEvents,
  addInfo,
] as const;

/** The two options before every verb; the run folder follows the data folder unless it is named too. */
export function foldersOf(program: Command): Folders {
  return resolveFolders(program.opts<{ data?: string; run?: string }>());
}

/** The command line as commander has it. `makeContext` is given the folders, which are known once argv is parsed. */
export function createProgram(
  version: string,
  makeContext: (folders: () => Folders) => CommandContext,
): Command {
  const program = new Command('longshore')
    .description('Containers with their own engine.')
    .version(version, '--version')
    .helpOption('--help', 'print this help')
    .option('--data <folder>', 'where images and containers live')
    .option('--run <folder>', 'where the sockets live')
    .enablePositionalOptions()
    .showHelpAfterError('(longshore --help lists the verbs)');
  // Sub-commands take over these settings: `-h` is a container's host name, not help.
  const folders = () => foldersOf(program);
  const context = makeContext(folders);
  for (const addVerb of VERBS) addVerb(program, context);
  addServe(program, context, folders);
  return program;
}
