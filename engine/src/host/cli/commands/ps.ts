import type { Command } from 'commander';
import type { ContainerSummary } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { omitUndefined } from '../flags/defined.ts';
import { toContainerFilters } from '../flags/filters.ts';
import { collect, parseInteger } from '../flags/values.ts';
import { containerColumns } from '../output/container-columns.ts';
import { type ContainerSizes, containerSizes } from '../output/container-sizes.ts';
import { formatItems } from '../output/template.ts';
import { printJsonLines } from './list-options.ts';

interface PsOptions {
  readonly all?: boolean;
  readonly quiet?: boolean;
  /** False with --no-trunc. */
  readonly trunc: boolean;
  readonly filter?: readonly string[];
  readonly last?: number;
  readonly latest?: boolean;
  readonly format?: string;
  readonly size?: boolean;
}

const TABLE = 'table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}';

export function addPs(program: Command, context: CommandContext): void {
  program
    .command('ps')
    .description('list containers')
    .option('-a, --all', 'stopped ones as well')
    .option('-f, --filter <key=value>', 'only those that match, such as status=exited (repeatable)', collect)
    .option('-n, --last <number>', 'the newest so many, stopped ones as well', parseInteger)
    .option('-l, --latest', 'the newest, stopped or not')
    .option('-q, --quiet', 'print ids only')
    .option('-s, --size', 'what each takes of the disk, and with its image')
    .option('--no-trunc', 'print ids and commands in full')
    .option('--format <format>', 'table, json, or a template such as {{.Names}}')
    .action(async (options: PsOptions) => {
      const last = options.latest === true ? 1 : options.last;
      const query = omitUndefined({
        all: options.all ?? false,
        // Docker's -1 is "all there are".
        last: last !== undefined && last > 0 ? last : undefined,
        filters: toContainerFilters(options.filter ?? []),
      });
      const client = await context.client();
      const containers = await client.containers.list(query);
      const wantsSize = options.size === true || /\{\{-?\s*\.Size\b/.test(options.format ?? '');
      const sizes = wantsSize ? await containerSizes(client, containers, context.signal) : null;
      printContainers(containers, sizes, options, context);
    });
}

function printContainers(
  containers: readonly ContainerSummary[],
  sizes: ContainerSizes | null,
  { quiet = false, trunc, size = false, format }: PsOptions,
  context: CommandContext,
): void {
  if (format === 'json' && !quiet) {
    printJsonLines(containers, context);
    return;
  }
  const table = size ? `${TABLE}\t{{.Size}}` : TABLE;
  const asked = quiet ? '{{.ID}}' : format === undefined || format === 'table' ? table : format;
  for (const line of formatItems(containers, asked, containerColumns(trunc, sizes))) context.print(line);
}
