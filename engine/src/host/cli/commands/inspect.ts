import type { Command } from 'commander';
import type { EngineClient } from '../../../contract/index.ts';
import { EngineError, isEngineError } from '../../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { formatDocument } from '../output/document-template.ts';
import { runForEach } from './for-each.ts';

export function addInspect(program: Command, context: CommandContext): void {
  program
    .command('inspect')
    .description('print all that is known of containers, images or networks, as JSON')
    .argument('<object...>')
    .option('-f, --format <format>', 'json, or a template such as {{.State.Status}}')
    .action(async (names: string[], { format }: { readonly format?: string }) => {
      const client = await context.client();
      const found: object[] = [];
      await runForEach(names, context, async (name) => {
        const document = await inspect(client, name);
        if (format === undefined) found.push(document);
        else context.print(formatDocument(document, format));
      });
      if (format === undefined) context.print(JSON.stringify(found, null, 2));
    });
}

type Lookup = (client: EngineClient, name: string) => Promise<object>;

/** As docker looks a name up: the first that has it. */
const LOOKUPS: readonly Lookup[] = [
  (client, container) => client.containers.inspect({ container }),
  (client, image) => client.images.inspect({ image }),
  (client, network) => client.networks.inspect({ network }),
];

async function inspect(client: EngineClient, name: string): Promise<object> {
  for (const lookUp of LOOKUPS) {
    try {
      return await lookUp(client, name);
    } catch (error) {
      // A name that no image could have is still just a name that nothing has.
      if (!isEngineError(error, 'not-found') && !isEngineError(error, 'invalid-argument')) throw error;
    }
  }
  throw new EngineError('not-found', `There is no container, image or network "${name}".`, {
    hint: 'longshore ps -a, longshore images and longshore network ls list what there is.',
  });
}
