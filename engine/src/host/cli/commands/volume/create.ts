import { type Command, Option } from 'commander';
import type { CommandContext } from '../../context.ts';
import { splitPair } from '../../flags/defined.ts';
import { collect } from '../../flags/values.ts';

interface CreateOptions {
  readonly name?: string;
  readonly driver: 'local';
  readonly label?: readonly string[];
  readonly opt?: readonly string[];
}

export function addCreateVolume(group: Command, context: CommandContext): void {
  group
    .command('create')
    .description('make a volume, and print its name')
    .argument('[name]', 'one is made up when left out')
    .addOption(new Option('-d, --driver <driver>', 'who keeps its data').choices(['local']).default('local'))
    .option('--label <name=value>', 'label (repeatable)', collect)
    .option('-o, --opt <name=value>', 'type, device or o, as mount has them (repeatable)', collect)
    .addOption(new Option('--name <name>', 'its name, as docker had it once').hideHelp())
    .action(async (given: string | undefined, options: CreateOptions) => {
      const name = given ?? options.name;
      const { volumes } = await context.client();
      const made = await volumes.create({
        ...(name !== undefined && { name }),
        driver: options.driver,
        labels: Object.fromEntries((options.label ?? []).map(splitPair)),
        options: Object.fromEntries((options.opt ?? []).map(splitPair)),
      });
      context.print(made.name);
    });
}
