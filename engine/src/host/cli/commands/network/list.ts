import type { Command } from 'commander';
import type { CommandContext } from '../../context.ts';
import { toNetworkFilters } from '../../flags/network-filters.ts';
import { collect } from '../../flags/values.ts';
import { networkColumns } from '../../output/network-columns.ts';
import { formatItems } from '../../output/template.ts';
import { printJsonLines } from '../list-options.ts';

interface ListOptions {
  readonly filter?: readonly string[];
  readonly format?: string;
  readonly quiet?: boolean;
  /** False with --no-trunc. */
  readonly trunc: boolean;
}

const TABLE = 'table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}';

export function addListNetworks(group: Command, context: CommandContext): void {
  group
    .command('ls')
    .alias('list')
    .description('list networks')
    .option('-f, --filter <key=value>', 'only those that match, such as driver=bridge (repeatable)', collect)
    .option('-q, --quiet', 'print ids only')
    .option('--no-trunc', 'print ids in full')
    .option('--format <format>', 'table, json, or a template such as {{.Name}}')
    .action(async ({ filter = [], format = 'table', quiet = false, trunc }: ListOptions) => {
      const filters = toNetworkFilters(filter);
      const networks = await (await context.client()).networks.list({ filters });
      if (format === 'json' && !quiet) {
        printJsonLines(networks, context);
        return;
      }
      const asked = quiet ? '{{.ID}}' : format === 'table' ? TABLE : format;
      for (const line of formatItems(networks, asked, networkColumns(trunc))) context.print(line);
    });
}
