import type { Command } from 'commander';
import type { CommandContext } from '../../context.ts';
import { collect } from '../../flags/values.ts';
import { toVolumePruneFilters } from '../../flags/volume-filters.ts';
import { humanSize } from '../../output/units.ts';
import { confirms } from '../confirm.ts';
import { runForEach } from '../for-each.ts';

interface RemoveOptions {
  readonly force?: boolean;
  readonly permanently?: boolean;
}

export function addRemoveVolumes(group: Command, context: CommandContext): void {
  group
    .command('rm')
    .alias('remove')
    .description('remove volumes; `volume trash` has them for a while')
    .argument('<volume...>')
    .option('-f, --force', 'an unknown volume is no failure')
    .option('--permanently', 'not into the trash: for good')
    .action(async (names: string[], { force = false, permanently = false }: RemoveOptions) => {
      const { volumes } = await context.client();
      await runForEach(names, context, async (volume) => {
        await volumes.remove({ volume, force, permanently });
        context.print(volume);
      });
    });
}

export function addEmptyVolumes(group: Command, context: CommandContext): void {
  group
    .command('empty')
    .description('remove what is in volumes; `volume trash` has it for a while')
    .argument('<volume...>')
    .action(async (names: string[]) => {
      const { volumes } = await context.client();
      await runForEach(names, context, async (volume) => {
        await volumes.empty({ volume });
        context.print(volume);
      });
    });
}

interface PruneOptions {
  readonly all?: boolean;
  readonly force?: boolean;
  readonly filter?: readonly string[];
}

export function addPruneVolumes(group: Command, context: CommandContext): void {
  group
    .command('prune')
    .description('remove for good the volumes that nobody named and no container has')
    .option('-a, --all', 'those with a name as well')
    .option('-f, --force', 'do not ask first')
    .option('--filter <key=value>', 'only those that match: label=..., label!=...', collect)
    .action(async ({ all = false, force = false, filter = [] }: PruneOptions) => {
      const filters = toVolumePruneFilters(filter, all);
      const which = filters.all ? 'all volumes' : 'all anonymous volumes';
      if (!force && !(await confirms(`This removes ${which} that no container has, for good.`, context)))
        return;
      const { removed, freedBytes } = await (await context.client()).volumes.prune(filters);
      if (removed.length > 0) ['Deleted Volumes:', ...removed, ''].forEach((line) => context.print(line));
      context.print(`Total reclaimed space: ${humanSize(freedBytes)}`);
    });
}
