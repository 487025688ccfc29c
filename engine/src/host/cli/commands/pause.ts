import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { runForEach } from './for-each.ts';

export function addPause(program: Command, context: CommandContext): void {
  program
    .command('pause')
    .description('freeze all processes of containers')
    .argument('<container...>')
    .action(async (names: string[]) => {
      const client = await context.client();
      await runForEach(names, context, async (container) => {
        await client.containers.pause({ container });
        context.print(container);
      });
    });
}

export function addUnpause(program: Command, context: CommandContext): void {
  program
    .command('unpause')
    .description('let paused containers go on')
    .argument('<container...>')
    .action(async (names: string[]) => {
      const client = await context.client();
      await runForEach(names, context, async (container) => {
        await client.containers.unpause({ container });
        context.print(container);
      });
    });
}
