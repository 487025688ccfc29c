import type { Command } from 'commander';
import type { ContainerSummary } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { statusWords } from '../output/status.ts';
import { formatTable } from '../output/table.ts';
import { ago } from '../output/units.ts';
import { addFormat, type ListOptions, printJsonLines } from './list-options.ts';

const COMMAND_WIDTH = 20;

export function addPs(program: Command, context: CommandContext): void {
  const command = program
    .command('ps')
    .description('list containers')
    .option('-a, --all', 'stopped ones as well');
  addFormat(command).action(async (options: ListOptions & { all?: boolean }) => {
    const containers = await (await context.client()).containers.list({ all: options.all ?? false });
    printContainers(containers, options, context);
  });
}

function printContainers(
  containers: readonly ContainerSummary[],
  options: ListOptions,
  context: CommandContext,
): void {
  const shortId = (id: string) => (options.trunc === false ? id : id.slice(0, 12));
  if (options.quiet === true) {
    for (const { id } of containers) context.print(shortId(id));
    return;
  }
  if (options.format === 'json') {
    printJsonLines(containers, context);
    return;
  }
  const rows = containers.map((container) => [
    shortId(container.id),
    container.image.reference,
    quoteCommand(container.command, options.trunc !== false),
    ago(container.createdAt),
    statusWords(container.state),
    container.name,
  ]);
  context.print(formatTable(['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'NAMES'], rows));
}

function quoteCommand(command: readonly string[], truncate: boolean): string {
  const words = command.join(' ').replaceAll(/\s+/g, ' ');
  const tooLong = truncate && words.length > COMMAND_WIDTH;
  return `"${tooLong ? `${words.slice(0, COMMAND_WIDTH - 1)}…` : words}"`;
}
