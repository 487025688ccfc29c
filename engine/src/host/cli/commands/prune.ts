import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { confirms } from './confirm.ts';
import { toPruneFilters } from '../flags/filters.ts';
import { collect } from '../flags/values.ts';
import { humanSize } from '../output/units.ts';

interface PruneOptions {
  readonly force?: boolean;
  readonly filter?: readonly string[];
}

/** `container prune`: only behind its noun, as docker has it. */
export function addPruneContainers(program: Command, context: CommandContext): void {
  program
    .command('prune')
    .description('remove all containers that do not run')
    .option('-f, --force', 'do not ask first')
    .option('--filter <key=value>', 'only those that match: until=24h, label=..., label!=...', collect)
    .action(async ({ force = false, filter = [] }: PruneOptions) => {
      const filters = toPruneFilters(filter);
      if (!force && !(await confirms('This removes all containers that do not run.', context))) return;
      const { removed, freedBytes } = await (await context.client()).containers.prune(filters);
      if (removed.length > 0) ['Deleted Containers:', ...removed, ''].forEach((line) => context.print(line));
      context.print(`Total reclaimed space: ${humanSize(freedBytes)}`);
    });
}
