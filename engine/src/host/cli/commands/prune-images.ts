import type { Command } from 'commander';
import type { PrunableImages } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { toPruneFilters } from '../flags/filters.ts';
import { collect } from '../flags/values.ts';
import { shortDigest } from '../output/layer-lines.ts';
import { humanSize } from '../output/units.ts';
import { confirms } from './confirm.ts';

interface PruneOptions {
  readonly all?: boolean;
  readonly force?: boolean;
  readonly filter?: readonly string[];
}

/** `image prune`: only behind its noun, as docker has it. */
export function addPruneImages(program: Command, context: CommandContext): void {
  program
    .command('prune')
    .description('remove images that have no tag and that no container needs')
    .option('-a, --all', 'those with tags as well')
    .option('-f, --force', 'do not ask first')
    .option('--filter <key=value>', 'only those that match: until=24h, label=..., label!=...', collect)
    .action(async ({ all = false, force = false, filter = [] }: PruneOptions) => {
      const filters = { all, ...toPruneFilters(filter) };
      const { images } = await context.client();
      if (!force && !(await confirms(warning(await images.prunable(filters)), context))) return;
      const { untagged, deleted, freedBytes } = await images.prune(filters);
      if (deleted.length > 0) context.print('Deleted Images:');
      for (const name of untagged) context.print(`untagged: ${name}`);
      for (const id of deleted) context.print(`deleted: ${id}`);
      if (deleted.length > 0) context.print('');
      context.print(`Total reclaimed space: ${humanSize(freedBytes)}`);
    });
}

/** Exactly what would go. */
function warning({ images, freedBytes }: PrunableImages): string {
  if (images.length === 0) return 'There is no image that would be removed.';
  const names = images.map(({ id, references }) => `  ${references.join(', ') || shortDigest(id)}`);
  return ['This removes these images:', ...names, `It frees ${humanSize(freedBytes)}.`].join('\n');
}
