import type { Command } from 'commander';
import type { EngineClient } from '../../../contract/index.ts';
import type { CommandContext } from '../context.ts';
import { LiveTable } from '../output/live-table.ts';
import { type StatsRow, statsColumns } from '../output/stats-columns.ts';
import { formatItems } from '../output/template.ts';

interface StatsOptions {
  readonly all?: boolean;
  /** False with --no-stream. */
  readonly stream: boolean;
  /** False with --no-trunc. */
  readonly trunc: boolean;
  readonly format?: string;
}

const TABLE =
  'table {{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}';

export function addStats(program: Command, context: CommandContext): void {
  program
    .command('stats')
    .description('show what containers use, as it changes')
    .argument('[container...]')
    .option('-a, --all', 'those that do not run as well')
    .option('--no-stream', 'once, and no more')
    .option('--no-trunc', 'print ids in full')
    .option('--format <format>', 'table, json, or a template such as {{.Name}}: {{.CPUPerc}}')
    .action(async (names: string[], options: StatsOptions) => {
      const client = await context.client();
      await showStats(client, names, options, context);
    });
}

async function showStats(
  client: EngineClient,
  names: readonly string[],
  options: StatsOptions,
  context: CommandContext,
): Promise<void> {
  const view = new LiveTable(context.stdout, options.stream);
  const format = formatOf(options.format);
  const columns = statsColumns(options.trunc);
  let isFirst = true;
  for await (const { containers } of client.containers.stats({ containers: [...names] }, context)) {
    // The first batch has no processor load yet.
    if (isFirst && !options.stream) {
      isFirst = false;
      continue;
    }
    const rows = await withIdle(client, containers, names, options);
    view.show(formatItems(rows, format, columns));
    if (!options.stream) return;
  }
}

function formatOf(format = 'table'): string {
  if (format === 'table') return TABLE;
  return format === 'json' ? '{{json .}}' : format;
}

/** With those that were asked for and use nothing, since they do not run. */
async function withIdle(
  client: EngineClient,
  running: readonly StatsRow[],
  names: readonly string[],
  { all = false }: StatsOptions,
): Promise<readonly StatsRow[]> {
  if (!all && names.length === 0) return running;
  const listed = await client.containers.list({ all: true });
  const isAsked = ({ id, name }: StatsRow): boolean =>
    names.length === 0 || names.some((word) => word === name || id.startsWith(word));
  const idle = listed.filter(({ id }) => !running.some((row) => row.id === id)).filter(isAsked);
  return [...running, ...idle.map(({ id, name }) => ({ id, name }))];
}
