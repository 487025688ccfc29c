import type { Command } from 'commander';
import type { EngineClient } from '../../../contract/index.ts';
import { EngineError } from '../../../errors/index.ts';
import { formatPlatform } from '../../../oci/index.ts';
import type { ImagePull } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { PullProgressView } from '../output/pull-progress.ts';
import { type Columns, formatItems } from '../output/template.ts';
import { ago, humanSize } from '../output/units.ts';
import { runForEach } from './for-each.ts';
import { printJsonLines } from './list-options.ts';

const TABLE = 'table {{.ID}}\t{{.Image}}\t{{.Platform}}\t{{.Status}}\t{{.Downloaded}}\t{{.Started}}';
const ID_LENGTH = 12;

const COLUMNS: Columns<ImagePull> = {
  ID: { heading: 'PULL ID', value: ({ id }) => id.slice(0, ID_LENGTH) },
  Image: { heading: 'IMAGE', value: ({ reference }) => reference },
  Platform: { heading: 'PLATFORM', value: ({ platform }) => formatPlatform(platform) },
  Status: { heading: 'STATUS', value: ({ status }) => status },
  Downloaded: { heading: 'DOWNLOADED', value: downloaded },
  Started: { heading: 'STARTED', value: ({ startedAt }) => ago(startedAt) },
};

/** Of `pulls`: those that run, and those that stopped short. */
export const PULLS_VERBS: readonly ((group: Command, context: CommandContext) => void)[] = [
  addListPulls,
  addPausePull,
  addResumePull,
  addDropPull,
];

function addListPulls(group: Command, context: CommandContext): void {
  group
    .command('ls')
    .alias('list')
    .description('list pulls that run, and those that can go on')
    .option('--format <format>', 'table, json, or a template such as {{.Image}}')
    .action(async ({ format = 'table' }: { readonly format?: string }) => {
      const pulls = await (await context.client()).images.pulls({});
      if (format === 'json') {
        printJsonLines(pulls, context);
        return;
      }
      for (const line of formatItems(pulls, format === 'table' ? TABLE : format, COLUMNS))
        context.print(line);
    });
}

function addPausePull(group: Command, context: CommandContext): void {
  group
    .command('pause')
    .description('stop pulls, and keep what they have brought')
    .argument('<pull...>', 'id or image')
    .action((wanted: string[]) =>
      forEach(context, wanted, async ({ images }, { id }) => {
        context.print((await images.pausePull({ pull: id })).reference);
      }),
    );
}

function addResumePull(group: Command, context: CommandContext): void {
  group
    .command('resume')
    .description('go on with pulls that were paused or interrupted')
    .argument('<pull...>', 'id or image')
    .action((wanted: string[]) =>
      forEach(context, wanted, async ({ images }, { id }) => {
        const view = new PullProgressView(context.stdout);
        for await (const progress of images.resumePull({ pull: id }, { signal: context.signal })) {
          view.show(progress);
        }
      }),
    );
}

function addDropPull(group: Command, context: CommandContext): void {
  group
    .command('rm')
    .description('give pulls up, with what they have brought')
    .argument('<pull...>', 'id or image')
    .action((wanted: string[]) =>
      forEach(context, wanted, async ({ images }, { id, reference }) => {
        const { freedBytes } = await images.dropPull({ pull: id });
        context.print(`${reference}: ${humanSize(freedBytes)} freed`);
      }),
    );
}

async function forEach(
  context: CommandContext,
  wanted: readonly string[],
  run: (client: EngineClient, pull: ImagePull) => Promise<void>,
): Promise<void> {
  const client = await context.client();
  await runForEach(wanted, context, async (word) => run(client, await findPull(client, word)));
}

/** By the beginning of its id, or by the image. */
async function findPull({ images }: EngineClient, word: string): Promise<ImagePull> {
  const pulls = await images.pulls({});
  const [found, another] = pulls.filter(({ id, reference }) => {
    return id.startsWith(word) || reference === word || reference === `${word}:latest`;
  });
  if (found === undefined) {
    throw new EngineError('not-found', `There is no pull of ${word}.`, {
      detail: { path: word },
      hint: 'See: longshore pulls ls',
    });
  }
  if (another === undefined) return found;
  throw new EngineError('invalid-argument', `${word} may be one of several pulls.`, {
    detail: { path: word },
    hint: 'Name it by its id: longshore pulls ls',
  });
}

function downloaded({ downloadedBytes, sizeBytes }: ImagePull): string {
  if (downloadedBytes === null || sizeBytes === null) return '';
  return `${humanSize(downloadedBytes)} of ${humanSize(sizeBytes)}`;
}
