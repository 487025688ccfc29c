import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { collect } from '../flags/values.ts';

interface Options {
  readonly author?: string;
  readonly change?: readonly string[];
  readonly message?: string;
  readonly pause: boolean;
}

export function addCommit(program: Command, context: CommandContext): void {
  program
    .command('commit')
    .description("make an image of a container's files")
    .argument('<container>')
    .argument('[reference]', 'the name of the image')
    .option('-a, --author <author>', 'who made it')
    .option('-c, --change <instruction>', 'as in a Dockerfile: \'CMD ["sh"]\' (repeatable)', collect)
    .option('-m, --message <text>', 'what was done')
    .option('-p, --pause', 'hold the container while its files are read', true)
    .option('--no-pause', 'the same as --pause=false')
    .action(async (container: string, reference: string | undefined, options: Options) => {
      const client = await context.client();
      const { id } = await client.containers.commit({
        container,
        ...(reference !== undefined && { reference }),
        author: options.author ?? '',
        message: options.message ?? '',
        changes: [...(options.change ?? [])],
        pause: options.pause,
      });
      context.print(id);
    });
}
