import type { Command } from 'commander';
import { resolveFolders } from '../../index.ts';
import { addAttach } from './commands/attach.ts';
import { addBuild } from './commands/build/build.ts';
import { addBuildCacheLimits, addBuildCacheUsage, addPruneBuildCache } from './commands/build/builder.ts';
import { addCommit } from './commands/commit.ts';
import { addCopy } from './commands/copy.ts';
import { addDiff } from './commands/diff.ts';
import { addDockerContext } from './commands/docker-context.ts';
import { addEvents } from './commands/events.ts';
import { addExec } from './commands/exec.ts';
import { addExport } from './commands/export.ts';
import { addHistory } from './commands/history.ts';
import { addImageDiff } from './commands/image-diff.ts';
import { addImageFiles } from './commands/image-files.ts';
import { addImport, addLoad, addSave } from './commands/image-archives.ts';
import { addImages, addRemoveImages, addTag } from './commands/images.ts';
import { addInspect, addInspectContainers, addInspectImages } from './commands/inspect.ts';
import {
  addKill,
  addRemove,
  addRename,
  addRestart,
  addStart,
  addStop,
  addWait,
} from './commands/lifecycle.ts';
import { addLogin, addLogout } from './commands/login.ts';
import { addLogs } from './commands/logs.ts';
import { addInspectManifest } from './commands/manifest.ts';
import { NETWORK_VERBS } from './commands/network/index.ts';
import { addPause, addUnpause } from './commands/pause.ts';
import { addPort } from './commands/port.ts';
import { addPruneContainers } from './commands/prune.ts';
import { addPruneImages } from './commands/prune-images.ts';
import { addPs } from './commands/ps.ts';
import { addPull } from './commands/pull.ts';
import { PULLS_VERBS } from './commands/pulls.ts';
import { addPush } from './commands/push.ts';
import { REGISTRY_VERBS } from './commands/registry/index.ts';
import { addCreate, addRun } from './commands/run.ts';
import { addSearch } from './commands/search.ts';
import { addServe } from './commands/serve.ts';
import { addStarter } from './commands/starter.ts';
import { addStats } from './commands/stats.ts';
import { addInfo, addVersion } from './commands/system.ts';
import { SYSTEM_VERBS } from './commands/system/index.ts';
import { addTop } from './commands/top.ts';
import { addUpdate } from './commands/update.ts';
import { VOLUME_VERBS } from './commands/volume/index.ts';
import type { CommandContext, Folders } from './context.ts';
import { SwitchCommand } from './flags/switch-command.ts';
import { withReason } from './output/not-yet.ts';

type AddVerb = (program: Command, context: CommandContext) => void;

const CONTAINER_VERBS: readonly AddVerb[] = [
  addRun,
  addCreate,
  addPs,
  addStart,
  addStop,
  addRestart,
  addKill,
  addRemove,
  addRename,
  addPause,
  addUnpause,
  addUpdate,
  addWait,
  addTop,
  addStats,
  addPort,
  addLogs,
  addExec,
  addAttach,
  addCopy,
  addDiff,
  addExport,
  addBuild,
  addCommit,
];

const IMAGE_VERBS: readonly AddVerb[] = [
  addPull,
  addPush,
  addImages,
  addHistory,
  addTag,
  addRemoveImages,
  addSave,
  addLoad,
  addImport,
];

const OTHER_VERBS: readonly AddVerb[] = [
  addLogin,
  addLogout,
  addSearch,
  addStarter,
  addInspect,
  addEvents,
  addInfo,
  addVersion,
];

/** docker's long forms, such as `container ls` and `image rm`: the same verbs behind the noun. */
const LONG_FORMS: Readonly<Record<string, string>> = { ps: 'ls', images: 'ls', rmi: 'rm' };

/** The groups of verbs, as `longshore --help` tells them. */
const NOUNS = {
  container: "the verbs for containers, by docker's long names",
  image: "the verbs for images, by docker's long names",
  builder: 'build images, and keep the cache of builds small',
  network: 'networks, and who is on them',
  volume: 'volumes, and their trash',
  system: 'what takes how much of the disk, and cleaning up',
  manifest: 'look at images in a registry without pulling them',
  pulls: 'downloads that are under way, paused or interrupted',
  registry: 'settings of registries, and what is in them',
} as const;

/** The two options before every verb; the run folder follows the data folder unless it is named too. */
export function foldersOf(program: Command): Folders {
  return resolveFolders(program.opts<{ data?: string; run?: string }>());
}

/** The command line as commander has it. `makeContext` is given the folders, which are known once argv is parsed. */
export function createProgram(
  version: string,
  makeContext: (folders: () => Folders) => CommandContext,
): Command {
  const program = new SwitchCommand('longshore')
    .description('Containers with their own engine.')
    .version(version, '-v, --version')
    .helpOption('--help', 'print this help')
    .option('--data <folder>', 'where images and containers live')
    .option('--run <folder>', 'where the sockets live')
    .enablePositionalOptions()
    .showHelpAfterError('(longshore --help lists the verbs)');
  // Sub-commands take over these settings: `-h` is a container's host name, not help.
  const folders = () => foldersOf(program);
  const context = makeContext(folders);
  for (const addVerb of [...CONTAINER_VERBS, ...IMAGE_VERBS, ...OTHER_VERBS]) addVerb(program, context);
  addServe(program, context, folders);
  addDockerContext(program, context, folders);
  addNoun(program, 'container', [...CONTAINER_VERBS, addPruneContainers, addInspectContainers], context);
  addNoun(
    program,
    'image',
    [...IMAGE_VERBS, addPruneImages, addImageFiles, addImageDiff, addInspectImages],
    context,
  );
  addNoun(
    program,
    'builder',
    [addBuild, addPruneBuildCache, addBuildCacheUsage, addBuildCacheLimits],
    context,
  );
  addNoun(program, 'network', NETWORK_VERBS, context);
  addNoun(program, 'volume', VOLUME_VERBS, context);
  addNoun(program, 'system', SYSTEM_VERBS, context);
  addNoun(program, 'manifest', [addInspectManifest], context);
  addNoun(program, 'pulls', PULLS_VERBS, context);
  addNoun(program, 'registry', REGISTRY_VERBS, context);
  for (const command of allCommands(program)) {
    command.exitOverride().configureOutput({ outputError: (text, write) => write(withReason(text)) });
  }
  return program;
}

function addNoun(
  program: Command,
  noun: keyof typeof NOUNS,
  verbs: readonly AddVerb[],
  context: CommandContext,
): void {
  const group = program.command(noun).description(NOUNS[noun]);
  // Options of a container's command are not the group's.
  group.enablePositionalOptions();
  for (const addVerb of verbs) addVerb(group, context);
  for (const command of group.commands) {
    const longForm = LONG_FORMS[command.name()];
    if (longForm !== undefined) command.alias(longForm);
  }
}

function allCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}
