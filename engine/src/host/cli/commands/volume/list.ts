import type { Command } from 'commander';
import type { CommandContext } from '../../context.ts';
import { collect } from '../../flags/values.ts';
import { toVolumeFilters } from '../../flags/volume-filters.ts';
import { formatItems } from '../../output/template.ts';
import { VOLUME_COLUMNS } from '../../output/volume-columns.ts';
import { printJsonLines } from '../list-options.ts';

interface ListOptions {
  readonly filter?: readonly string[];
  readonly format?: string;
  readonly quiet?: boolean;
}

const TABLE = 'table {{.Driver}}\t{{.Name}}';

export function addListVolumes(group: Command, context: CommandContext): void {
  group
    .command('ls')
    .alias('list')
    .description('list volumes')
    .option('-f, --filter <key=value>', 'only those that match, such as dangling=true (repeatable)', collect)
    .option('-q, --quiet', 'print names only')
    .option('--format <format>', 'table, json, or a template such as {{.Name}}')
    .action(async ({ filter = [], format = 'table', quiet = false }: ListOptions) => {
      const filters = toVolumeFilters(filter);
      const volumes = await (await context.client()).volumes.list({ filters });
      if (format === 'json' && !quiet) {
        printJsonLines(volumes, context);
        return;
      }
      const asked = quiet ? '{{.Name}}' : format === 'table' ? TABLE : format;
      for (const line of formatItems(volumes, asked, VOLUME_COLUMNS)) context.print(line);
    });
}
