import type { Command } from 'commander';
import type { EngineClient } from '../../../contract/index.ts';
import { EngineError, isEngineError } from '../../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { formatDocument } from '../output/document-template.ts';
import { runForEach } from './for-each.ts';

type Lookup = (client: EngineClient, name: string) => Promise<object>;

const inspectContainer: Lookup = (client, container) => client.containers.inspect({ container });
const inspectImage: Lookup = (client, image) => client.images.inspect({ image });
const inspectNetwork: Lookup = (client, network) => client.networks.inspect({ network });

/** As docker looks a name up: the first that has it. */
export const addInspect = inspecting([inspectContainer, inspectImage, inspectNetwork], {
  objects: 'containers, images or networks',
  one: 'container, image or network',
  hint: 'longshore ps -a, longshore images and longshore network ls list what there is.',
});

/** Behind its noun. */
export const addInspectContainers = inspecting([inspectContainer], {
  objects: 'containers',
  one: 'container',
  hint: 'longshore ps -a lists them.',
});

export const addInspectImages = inspecting([inspectImage], {
  objects: 'images',
  one: 'image',
  hint: 'longshore images lists them.',
});

interface Words {
  readonly objects: string;
  readonly one: string;
  readonly hint: string;
}

function inspecting(lookups: readonly Lookup[], words: Words) {
  return (program: Command, context: CommandContext): void => {
    program
      .command('inspect')
      .description(`print all that is known of ${words.objects}, as JSON`)
      .argument('<object...>')
      .option('-f, --format <format>', 'json, or a template such as {{.State.Status}}')
      .action(async (names: string[], { format }: { readonly format?: string }) => {
        const client = await context.client();
        const found: object[] = [];
        await runForEach(names, context, async (name) => {
          const document = await firstOf(lookups, client, name, words);
          if (format === undefined) found.push(document);
          else context.print(formatDocument(document, format));
        });
        if (format === undefined) context.print(JSON.stringify(found, null, 2));
      });
  };
}

async function firstOf(
  lookups: readonly Lookup[],
  client: EngineClient,
  name: string,
  { one, hint }: Words,
): Promise<object> {
  for (const lookUp of lookups) {
    try {
      return await lookUp(client, name);
    } catch (error) {
      // A name that no object of a kind could have is still just a name that nothing has.
      if (!isEngineError(error, 'not-found') && !isEngineError(error, 'invalid-argument')) throw error;
    }
  }
  throw new EngineError('not-found', `There is no ${one} "${name}".`, { hint });
}
