import type { Command } from 'commander';
import type { SystemPruneFilters } from '../../../../contract/index.ts';
import type { PrunableItem, PrunableSystem, PrunedSystem } from '../../../../types/index.ts';
import type { CommandContext } from '../../context.ts';
import { toPruneFilters } from '../../flags/filters.ts';
import { collect } from '../../flags/values.ts';
import { humanSize } from '../../output/units.ts';
import { confirms } from '../confirm.ts';

interface PruneOptions {
  readonly all?: boolean;
  readonly force?: boolean;
  readonly volumes?: boolean;
  readonly filter?: readonly string[];
}

export function addPruneSystem(group: Command, context: CommandContext): void {
  group
    .command('prune')
    .description('remove containers that do not run, and networks, images and builds that nothing needs then')
    .option('-a, --all', 'images with a tag as well, not only those without')
    .option('-f, --force', 'do not ask first')
    .option('--volumes', 'anonymous volumes as well')
    .option('--filter <key=value>', 'only those that match: until=24h, label=..., label!=...', collect)
    .action(async ({ all = false, force = false, volumes = false, filter = [] }: PruneOptions) => {
      const filters: SystemPruneFilters = { all, volumes, ...toPruneFilters(filter) };
      const { system } = await context.client();
      const { signal } = context;
      if (!force && !(await confirms(warning(await system.prunable(filters, { signal })), context))) return;
      for (const line of report(await system.prune(filters, { signal }))) context.print(line);
    });
}

/** Exactly what would go. */
function warning({ freedBytes, ...kinds }: PrunableSystem): string {
  const { containers, networks, volumes, images, buildCache } = kinds;
  const lists = [
    ...listOf('containers', containers),
    ...listOf('networks', networks),
    ...listOf('volumes', volumes),
    ...listOf('images', images),
    ...listOf('results of builds', buildCache),
  ];
  if (lists.length === 0) return 'There is nothing that would be removed.';
  return [...lists, `This frees ${humanSize(freedBytes)}.`].join('\n');
}

function listOf(noun: string, items: readonly PrunableItem[]): readonly string[] {
  if (items.length === 0) return [];
  return [
    `This removes these ${noun}:`,
    ...items.map(({ name, bytes }) => `  ${name}${bytes === 0 ? '' : ` (${humanSize(bytes)})`}`),
  ];
}

function report({ containers, networks, volumes, images, buildCache, freedBytes }: PrunedSystem) {
  const imageLines = [
    ...images.untagged.map((name) => `untagged: ${name}`),
    ...images.deleted.map((id) => `deleted: ${id}`),
  ];
  return [
    ...headed('Deleted Containers:', containers),
    ...headed('Deleted Networks:', networks),
    ...headed('Deleted Volumes:', volumes),
    ...headed('Deleted Images:', imageLines),
    ...headed('Deleted build cache objects:', buildCache),
    `Total reclaimed space: ${humanSize(freedBytes)}`,
  ];
}

function headed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines, ''];
}
