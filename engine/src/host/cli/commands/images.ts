import type { Command } from 'commander';
import type { ImageSummary } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { shortDigest } from '../output/pull-progress.ts';
import { formatTable } from '../output/table.ts';
import { ago, humanSize } from '../output/units.ts';
import { runForEach } from './for-each.ts';
import { addFormat, type ListOptions, printJsonLines } from './list-options.ts';

export function addImages(program: Command, context: CommandContext): void {
  addFormat(program.command('images').description('list images').argument('[repository]')).action(
    async (repository: string | undefined, options: ListOptions) => {
      const images = (await (await context.client()).images.list({})).filter(
        (image) => repository === undefined || image.references.some((name) => matches(name, repository)),
      );
      printImages(images, options, context);
    },
  );
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
    .option('-f, --force', 'also when containers use it, or several names do')
    .action(async (images: string[], { force = false }: { force?: boolean }) => {
      const client = await context.client();
      await runForEach(images, context, async (image) => {
        const { untagged, deleted } = await client.images.remove({ image, force });
        for (const reference of untagged) context.print(`Untagged: ${reference}`);
        for (const id of deleted) context.print(`Deleted: ${id}`);
      });
    });
}

function printImages(images: readonly ImageSummary[], options: ListOptions, context: CommandContext): void {
  const shorten = (id: string) => (options.trunc === false ? id : shortDigest(id));
  if (options.quiet === true) {
    for (const image of images) context.print(shorten(image.id));
    return;
  }
  if (options.format === 'json') {
    printJsonLines(images, context);
    return;
  }
  const rows = images.flatMap((image) => {
    const names = image.references.length > 0 ? image.references.map(splitReference) : [['<none>', '<none>']];
    return names.map(([repository = '', tag = '']) => [
      repository,
      tag,
      shorten(image.id),
      ago(image.createdAt),
      humanSize(image.sizeBytes),
    ]);
  });
  context.print(formatTable(['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE'], rows));
}

/** A familiar reference with tag, at its last colon: a port stands before a slash. */
function splitReference(reference: string): readonly [string, string] {
  const at = reference.lastIndexOf(':');
  return at > reference.lastIndexOf('/')
    ? [reference.slice(0, at), reference.slice(at + 1)]
    : [reference, '<none>'];
}

function matches(reference: string, wanted: string): boolean {
  return reference === wanted || splitReference(reference)[0] === wanted;
}
