import type { Command } from 'commander';
import type { EngineClient } from '../../../contract/index.ts';
import { EngineError, isEngineError } from '../../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { runForEach } from './for-each.ts';

export function addInspect(program: Command, context: CommandContext): void {
  program
    .command('inspect')
    .description('print all that is known of containers or images, as JSON')
    .argument('<object...>')
    .action(async (names: string[]) => {
      const client = await context.client();
      const found: object[] = [];
      await runForEach(names, context, async (name) => {
        found.push(await inspect(client, name));
      });
      context.print(JSON.stringify(found, null, 2));
    });
}

/** A container of that name first, then an image, as docker looks them up. */
async function inspect(client: EngineClient, name: string): Promise<object> {
  try {
    return await client.containers.inspect({ container: name });
  } catch (error) {
    if (!isEngineError(error, 'not-found')) throw error;
  }
  try {
    return await client.images.inspect({ image: name });
  } catch (error) {
    // A name that no image could have is still just a name that nothing has.
    if (!isEngineError(error, 'not-found') && !isEngineError(error, 'invalid-argument')) throw error;
    throw new EngineError('not-found', `There is no container or image "${name}".`, {
      hint: 'longshore ps -a and longshore images list what there is.',
      cause: error,
    });
  }
}
