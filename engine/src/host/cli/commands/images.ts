import type { Command } from 'commander';
import { isEngineError } from '../../../errors/index.ts';
import type { ImageSummary } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { toImageFilters } from '../flags/image-filters.ts';
import { collect, parsePlatform } from '../flags/values.ts';
import { imageColumns, imageRows } from '../output/image-columns.ts';
import { imageTree } from '../output/image-tree.ts';
import { errorLines } from '../output/print-error.ts';
import { formatItems } from '../output/template.ts';
import { runForEach } from './for-each.ts';
import { printJsonLines } from './list-options.ts';

interface ImagesOptions {
  readonly digests?: boolean;
  readonly filter?: readonly string[];
  readonly format?: string;
  readonly quiet?: boolean;
  readonly tree?: boolean;
  /** False with --no-trunc. */
  readonly trunc: boolean;
}

type PlatformOption = ReturnType<typeof parsePlatform>;

interface RemoveOptions {
  readonly force?: boolean;
  readonly platform?: readonly PlatformOption[];
}

const TABLE = 'table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}';
const DIGEST_TABLE = TABLE.replace('{{.ID}}', '{{.Digest}}\t{{.ID}}');

export function addImages(program: Command, context: CommandContext): void {
  program
    .command('images')
    .description('list images')
    .argument('[name]', 'only those of this name, or pattern of names: debian, "*/app:v*"')
    .option('-a, --all', 'also those that only further images are built on; there are none that are hidden')
    .option('--digests', 'show the digests that images were pulled as')
    .option('-f, --filter <key=value>', 'only those that match, such as dangling=true (repeatable)', collect)
    .option('-q, --quiet', 'print ids only')
    .option('--tree', 'show the platforms of each image, those that are not here as well')
    .option('--no-trunc', 'print ids in full')
    .option('--format <format>', 'table, json, or a template such as {{.Repository}}')
    .action(async (name: string | undefined, options: ImagesOptions) => {
      const filters = toImageFilters(options.filter ?? []);
      const named =
        name === undefined ? filters : { ...filters, reference: [...(filters.reference ?? []), name] };
      printImages(await (await context.client()).images.list({ filters: named }), options, context);
    });
}

export function addTag(program: Command, context: CommandContext): void {
  program
    .command('tag')
    .description('give an image a further name')
    .argument('<image>')
    .argument('<reference>')
    .action(async (image: string, reference: string) => {
      await (await context.client()).images.tag({ image, reference });
    });
}

export function addRemoveImages(program: Command, context: CommandContext): void {
  program
    .command('rmi')
    .description('remove images')
    .argument('<image...>')
    .option('-f, --force', 'also when containers use it, or several names do; an unknown image is no failure')
    .option(
      '--platform <platform>',
      'of an image for several platforms, only this one (repeatable)',
      platforms,
    )
    .option('--no-prune', 'leave the images that it was built on, which are never removed with it')
    .action(async (images: string[], { force = false, platform }: RemoveOptions) => {
      const client = await context.client();
      await runForEach(images, context, async (image) => {
        try {
          const { untagged, deleted } = await client.images.remove({
            image,
            force,
            ...(platform && { platforms: [...platform] }),
          });
          for (const reference of untagged) context.print(`Untagged: ${reference}`);
          for (const id of deleted) context.print(`Deleted: ${id}`);
        } catch (thrown) {
          if (!force || !isEngineError(thrown, 'not-found')) throw thrown;
          errorLines(thrown).forEach((line) => context.say(line));
        }
      });
    });
}

function platforms(value: string, before: readonly PlatformOption[] = []): readonly PlatformOption[] {
  return [...before, parsePlatform(value)];
}

function printImages(
  images: readonly ImageSummary[],
  { digests = false, format = 'table', quiet = false, tree = false, trunc }: ImagesOptions,
  context: CommandContext,
): void {
  if (tree) {
    for (const line of imageTree(images, trunc)) context.print(line);
    return;
  }
  if (format === 'json' && !quiet) {
    printJsonLines(images, context);
    return;
  }
  const table = digests ? DIGEST_TABLE : TABLE;
  const asked = quiet ? '{{.ID}}' : format === 'table' ? table : format;
  const rows = imageRows(images, digests || asked.includes('.Digest'));
  for (const line of formatItems(rows, asked, imageColumns(trunc))) context.print(line);
}
