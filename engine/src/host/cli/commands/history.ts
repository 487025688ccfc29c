import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { parsePlatform } from '../flags/values.ts';
import { historyColumns } from '../output/history-columns.ts';
import { formatItems } from '../output/template.ts';
import { printJsonLines } from './list-options.ts';

interface HistoryOptions {
  readonly platform?: ReturnType<typeof parsePlatform>;
  readonly format?: string;
  readonly human: boolean;
  readonly quiet?: boolean;
  /** False with --no-trunc. */
  readonly trunc: boolean;
}

const TABLE = 'table {{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}';

export function addHistory(program: Command, context: CommandContext): void {
  program
    .command('history')
    .description('how an image was made, latest step first, with the layer of each step')
    .argument('<image>')
    .option('-H, --human', 'sizes and times in words', true)
    .option('--no-human', 'the same as --human=false')
    .option('-q, --quiet', 'print ids only')
    .option('--no-trunc', 'print ids and commands in full')
    .option('--platform <platform>', 'of an image for several platforms, this one', parsePlatform)
    .option('--format <format>', 'table, json, or a template such as {{.CreatedBy}}')
    .action(async (image: string, options: HistoryOptions) => {
      const { format = 'table', human, platform, quiet = false, trunc } = options;
      const history = await (await context.client()).images.history({ image, ...(platform && { platform }) });
      if (format === 'json' && !quiet) {
        printJsonLines(history, context);
        return;
      }
      const asked = quiet ? '{{.ID}}' : format === 'table' ? TABLE : format;
      const columns = historyColumns({ truncate: trunc, human });
      for (const line of formatItems(history, asked, columns)) context.print(line);
    });
}
