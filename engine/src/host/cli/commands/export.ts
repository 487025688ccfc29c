import type { Command } from 'commander';
import { refuseTerminal, writeArchive } from '../archives/whole-file.ts';
import type { CommandContext } from '../context.ts';

export function addExport(program: Command, context: CommandContext): void {
  program
    .command('export')
    .description("write a container's whole root as a tar archive, to stdout or a file")
    .argument('<container>')
    .option('-o, --output <file>', 'write to this file')
    .action(async (container: string, { output }: { readonly output?: string }) => {
      if (output === undefined) refuseTerminal(context);
      const client = await context.client();
      await writeArchive(
        client.containers.export({ container }, { signal: context.signal }),
        output,
        context,
      );
    });
}
