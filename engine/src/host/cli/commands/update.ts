import type { Command } from 'commander';
import { EngineError } from '../../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { omitUndefined } from '../flags/defined.ts';
import { parseRestart, type PolicyOptions } from '../flags/policy-options.ts';
import { addLimitOptions, type LimitOptions, toLimits } from '../flags/resource-options.ts';
import { runForEach } from './for-each.ts';

type UpdateOptions = LimitOptions & Pick<PolicyOptions, 'restart'>;

export function addUpdate(program: Command, context: CommandContext): void {
  const command = program
    .command('update')
    .description('change limits and restart policies of containers that exist')
    .argument('<container...>');
  addLimitOptions(command)
    .option('--restart <policy>', 'no, always, unless-stopped or on-failure[:times]', parseRestart)
    .action(async (names: string[], options: UpdateOptions) => {
      if (Object.keys(options).length === 0) {
        throw new EngineError('invalid-argument', 'There is nothing to change.', {
          hint: 'Give at least one flag, such as --memory 512m or --restart always.',
        });
      }
      const change = omitUndefined({ resources: toLimits(options), restart: options.restart });
      const client = await context.client();
      await runForEach(names, context, async (container) => {
        await client.containers.update({ container, ...change });
        context.print(container);
      });
    });
}
