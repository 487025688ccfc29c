import { Argument, type Command } from 'commander';
import type { StarterImage } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { formatTable } from '../output/table.ts';

const NAMES: readonly StarterImage['name'][] = ['hello', 'busybox'];

export function addStarter(program: Command, context: CommandContext): void {
  program
    .command('starter')
    .description('make an image that needs no registry; without a name, list those that can be made here')
    .addArgument(new Argument('[name]').choices(NAMES))
    .action(async (name: StarterImage['name'] | undefined) => {
      const { images } = await context.client();
      if (name !== undefined) {
        const image = await images.installStarter({ name }, { signal: context.signal });
        context.print(image.references[0] ?? image.id);
        return;
      }
      const rows = (await images.starters({})).map((starter) => [
        starter.name,
        starter.installed ? 'made' : '-',
        starter.description,
      ]);
      context.print(formatTable(['NAME', 'STATE', 'DESCRIPTION'], rows));
    });
}
