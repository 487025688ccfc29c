import { type Command, Option } from 'commander';
import type { CommandContext } from '../context.ts';

export interface ListOptions {
  readonly quiet?: boolean;
  /** False with --no-trunc. */
  readonly trunc?: boolean;
  readonly format?: 'table' | 'json';
}

export function addFormat(command: Command): Command {
  return command
    .option('-q, --quiet', 'print ids only')
    .option('--no-trunc', 'print ids in full')
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']));
}

export function printJsonLines(items: readonly object[], context: CommandContext): void {
  for (const item of items) context.print(JSON.stringify(item));
}
