import type { Command } from 'commander';
import type { CommandContext } from '../../context.ts';
import { diskUsageDetails } from '../../output/disk-usage-details.ts';
import { type DiskUsageRow, diskUsageColumns, diskUsageRows } from '../../output/disk-usage-columns.ts';
import { formatItems } from '../../output/template.ts';
import { humanSize } from '../../output/units.ts';

interface DiskUsageOptions {
  readonly verbose?: boolean;
  readonly format?: string;
}

const TABLE = 'table {{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}';

export function addDiskUsage(group: Command, context: CommandContext): void {
  group
    .command('df')
    .description('what images, containers, volumes and builds take of the disk')
    .option('-v, --verbose', 'each of them')
    .option('--format <format>', 'table, json, or a template such as {{.Type}}')
    .action(async ({ verbose = false, format = 'table' }: DiskUsageOptions) => {
      const usage = await (await context.client()).system.diskUsage({}, { signal: context.signal });
      if (format === 'json') {
        if (verbose) context.print(JSON.stringify(usage));
        else for (const row of diskUsageRows(usage)) context.print(JSON.stringify(jsonRow(row)));
        return;
      }
      if (format !== 'table') {
        for (const line of formatItems(diskUsageRows(usage), format, diskUsageColumns)) context.print(line);
        return;
      }
      if (verbose) for (const line of diskUsageDetails(usage)) context.print(line);
      else for (const line of formatItems(diskUsageRows(usage), TABLE, diskUsageColumns)) context.print(line);
      context.print('');
      context.print(
        `Total: ${humanSize(usage.totalBytes)}, reclaimable ${humanSize(usage.reclaimableBytes)}`,
      );
    });
}

function jsonRow(row: DiskUsageRow): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(diskUsageColumns).map(([name, column]) => [name, column.value(row, '')]),
  );
}
