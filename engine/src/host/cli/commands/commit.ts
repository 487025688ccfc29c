import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { collect, parseBoolean } from '../flags/values.ts';

interface Options {
  readonly author?: string;
  readonly change?: readonly string[];
  readonly message?: string;
  readonly pause?: boolean;
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
    .option('-p', 'the same as --pause true, which is the default')
    .option('--pause <boolean>', 'hold the container meanwhile', parseBoolean)
    .option('--no-pause', 'the same as --pause false')
    .action(async (container: string, reference: string | undefined, options: Options) => {
      const client = await context.client();
      const { id } = await client.containers.commit({
        container,
        ...(reference !== undefined && { reference }),
        author: options.author ?? '',
        message: options.message ?? '',
        changes: [...(options.change ?? [])],
        pause: options.pause ?? true,
      });
      context.print(id);
    });
}
