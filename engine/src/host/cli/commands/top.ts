import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { processColumns, processFormat } from '../output/process-columns.ts';
import { formatItems } from '../output/template.ts';

export function addTop(program: Command, context: CommandContext): void {
  program
    .command('top')
    .description('list the processes of a container, as ps does: aux, -o pid,cmd and such may follow')
    .argument('<container>')
    .argument('[ps options...]')
    .passThroughOptions()
    .allowUnknownOption()
    .action(async (container: string, psOptions: string[]) => {
      const format = processFormat(psOptions);
      const { processes, truncated } = await (await context.client()).containers.processes({ container });
      for (const line of formatItems(processes, format, processColumns(new Date()))) context.print(line);
      if (truncated) context.say('There are more processes than can be shown.');
    });
}
