import { type Command, Option } from 'commander';
import type { EngineClient } from '../../../contract/index.ts';
import { EngineError, isEngineError } from '../../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { parsePlatform } from '../flags/values.ts';
import { formatDocument } from '../output/document-template.ts';
import { runForEach } from './for-each.ts';

type Lookup = (client: EngineClient, name: string) => Promise<object>;

const inspectContainer: Lookup = (client, container) => client.containers.inspect({ container });
const inspectImage: Lookup = (client, image) => client.images.inspect({ image });
const inspectNetwork: Lookup = (client, network) => client.networks.inspect({ network });

const inspectVolume: Lookup = (client, volume) => client.volumes.inspect({ volume });

interface Words {
  readonly one: string;
  readonly hint: string;
}

interface Kind extends Words {
  readonly objects: string;
  readonly lookUp: Lookup;
}

/** In docker's order: the first that has a name is meant. */
const KINDS = {
  container: {
    one: 'container',
    objects: 'containers',
    hint: 'longshore ps -a lists them.',
    lookUp: inspectContainer,
  },
  image: { one: 'image', objects: 'images', hint: 'longshore images lists them.', lookUp: inspectImage },
  network: {
    one: 'network',
    objects: 'networks',
    hint: 'longshore network ls lists them.',
    lookUp: inspectNetwork,
  },
  volume: {
    one: 'volume',
    objects: 'volumes',
    hint: 'longshore volume ls lists them.',
    lookUp: inspectVolume,
  },
} as const satisfies Readonly<Record<string, Kind>>;

type KindName = keyof typeof KINDS;

const ANY: Words = {
  one: 'container, image, network or volume',
  hint: 'longshore ps -a, longshore images, longshore network ls and longshore volume ls list what there is.',
};

interface InspectOptions {
  readonly platform?: ReturnType<typeof parsePlatform>;
  readonly format?: string;
  readonly type?: KindName;
}

export function addInspect(program: Command, context: CommandContext): void {
  inspectCommand(program, 'containers, images, networks or volumes')
    .addOption(new Option('--type <type>', 'look only among these').choices(Object.keys(KINDS)))
    .action(async (names: string[], { type, format }: InspectOptions) => {
      const kinds = type === undefined ? Object.values(KINDS) : [KINDS[type]];
      await inspect(names, format, kinds, type === undefined ? ANY : KINDS[type], context);
    });
}

/** Behind its noun. */
export const addInspectContainers = inspecting('container');
export const addInspectNetworks = inspecting('network');
export const addInspectVolumes = inspecting('volume');

export function addInspectImages(group: Command, context: CommandContext): void {
  inspectCommand(group, 'images')
    .option('--platform <platform>', 'of an image for several platforms, this one', parsePlatform)
    .action(async (names: string[], { format, platform }: InspectOptions) => {
      const lookUp: Lookup = (client, image) =>
        client.images.inspect({ image, ...(platform && { platform }) });
      await inspect(names, format, [{ ...KINDS.image, lookUp }], KINDS.image, context);
    });
}

function inspecting(name: KindName) {
  const kind = KINDS[name];
  return (group: Command, context: CommandContext): void => {
    const command = inspectCommand(group, kind.objects).action(
      (names: string[], { format }: InspectOptions) => inspect(names, format, [kind], kind, context),
    );
    // Docker's tells more of networks of a swarm alone.
    if (name === 'network') command.addOption(new Option('-v, --verbose').hideHelp());
  };
}

function inspectCommand(program: Command, objects: string): Command {
  return program
    .command('inspect')
    .description(`print all that is known of ${objects}, as JSON`)
    .argument('<object...>')
    .option('-f, --format <format>', 'json, or a template such as {{.Name}}');
}

async function inspect(
  names: readonly string[],
  format: string | undefined,
  kinds: readonly Kind[],
  words: Words,
  context: CommandContext,
): Promise<void> {
  const client = await context.client();
  const found: object[] = [];
  await runForEach(names, context, async (name) => {
    const document = await firstOf(
      kinds.map(({ lookUp }) => lookUp),
      client,
      name,
      words,
    );
    if (format === undefined) found.push(document);
    else context.print(formatDocument(document, format));
  });
  if (format === undefined) context.print(JSON.stringify(found, null, 2));
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
