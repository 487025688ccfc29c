import type { Command } from 'commander';
import { isEngineError } from '../../../../errors/index.ts';
import type { CommandContext } from '../../context.ts';
import { toPruneFilters } from '../../flags/filters.ts';
import { collect } from '../../flags/values.ts';
import { confirms } from '../confirm.ts';
import { runForEach } from '../for-each.ts';

export function addRemoveNetworks(group: Command, context: CommandContext): void {
  group
    .command('rm')
    .alias('remove')
    .description('remove networks')
    .argument('<network...>')
    .option('-f, --force', 'an unknown network is no failure')
    .action(async (names: string[], { force = false }: { force?: boolean }) => {
      const { networks } = await context.client();
      await runForEach(names, context, async (network) => {
        try {
          await networks.remove({ network });
          context.print(network);
        } catch (thrown) {
          if (!force || !isEngineError(thrown, 'not-found')) throw thrown;
        }
      });
    });
}

interface PruneOptions {
  readonly force?: boolean;
  readonly filter?: readonly string[];
}

export function addPruneNetworks(group: Command, context: CommandContext): void {
  group
    .command('prune')
    .description('remove all networks that no container is on')
    .option('-f, --force', 'do not ask first')
    .option('--filter <key=value>', 'only those that match: until=24h, label=..., label!=...', collect)
    .action(async ({ force = false, filter = [] }: PruneOptions) => {
      const filters = toPruneFilters(filter);
      if (!force && !(await confirms('This removes all networks that no container is on.', context))) return;
      const { removed } = await (await context.client()).networks.prune(filters);
      if (removed.length > 0) context.print('Deleted Networks:');
      for (const { name } of removed) context.print(name);
    });
}
