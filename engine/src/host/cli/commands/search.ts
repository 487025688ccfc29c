import { type Command, InvalidArgumentError } from 'commander';
import type { FoundImage } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { type Columns, formatItems } from '../output/template.ts';
import { printJsonLines } from './list-options.ts';

interface SearchOptions {
  readonly format?: string;
  readonly insecure?: boolean;
  readonly limit?: number;
  /** False with --no-trunc. */
  readonly trunc: boolean;
}

const TABLE = 'table {{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}';
const DESCRIPTION_WIDTH = 45;

export function addSearch(program: Command, context: CommandContext): void {
  program
    .command('search')
    .description('search Docker Hub, or the registry that the term begins with, for images')
    .argument('<term>', 'such as nginx, or localhost:5000/app')
    .option('--limit <number>', 'at most so many', parseLimit)
    .option('--no-trunc', 'print descriptions in full')
    .option('--insecure', 'plain HTTP and any certificate will do')
    .option('--format <format>', 'table, json, or a template such as {{.Name}}')
    .action(async (term: string, { format = 'table', insecure = false, limit, trunc }: SearchOptions) => {
      const { registries } = await context.client();
      const found = await registries.search({ term, insecure, ...(limit !== undefined && { limit }) });
      if (format === 'json') {
        printJsonLines(found, context);
        return;
      }
      const lines = formatItems(found, format === 'table' ? TABLE : format, columns(trunc));
      for (const line of lines) context.print(line);
    });
}

function columns(truncate: boolean): Columns<FoundImage> {
  return {
    Name: { heading: 'NAME', value: ({ name }) => name },
    Description: {
      heading: 'DESCRIPTION',
      value: ({ description }) => shortened(description.replaceAll(/\s+/g, ' '), truncate),
    },
    StarCount: { heading: 'STARS', value: ({ stars }) => String(stars) },
    IsOfficial: { heading: 'OFFICIAL', value: ({ official }) => (official ? '[OK]' : '') },
  };
}

function shortened(text: string, truncate: boolean): string {
  return truncate && text.length > DESCRIPTION_WIDTH ? `${text.slice(0, DESCRIPTION_WIDTH - 1)}…` : text;
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit;
  throw new InvalidArgumentError('It is a number from 1 to 100.');
}
