import type { Command } from 'commander';
import type { CommandContext } from '../../context.ts';
import { runForEach } from '../for-each.ts';

export function addInspectNetworks(group: Command, context: CommandContext): void {
  group
    .command('inspect')
    .description('print all that is known of networks, as JSON')
    .argument('<network...>')
    .action(async (names: string[]) => {
      const { networks } = await context.client();
      const found: object[] = [];
      await runForEach(names, context, async (network) => {
        found.push(await networks.inspect({ network }));
      });
      context.print(JSON.stringify(found, null, 2));
    });
}
