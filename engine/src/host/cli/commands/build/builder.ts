import type { Command } from 'commander';
import { EngineError } from '../../../../errors/index.ts';
import type { CommandContext } from '../../context.ts';
import { collect, parseDuration, parseSize } from '../../flags/values.ts';
import { formatTable } from '../../output/table.ts';
import { humanSize } from '../../output/units.ts';
import { confirms } from '../confirm.ts';

interface PruneOptions {
  readonly all?: boolean;
  readonly force?: boolean;
  readonly filter?: readonly string[];
  readonly keepStorage?: string;
}

interface LimitOptions {
  readonly maxSize?: string;
  readonly maxUnused?: string;
}

export function addPruneBuildCache(program: Command, context: CommandContext): void {
  program
    .command('prune')
    .description('remove what the cache of builds keeps')
    .option('-a, --all', 'the folders of cache mounts as well')
    .option('-f, --force', 'do not ask first')
    .option('--filter <key=value>', 'only what was not used for so long: until=24h', collect)
    .option('--keep-storage <size>', 'keep what was used latest, up to this size')
    .action(async ({ all = false, force = false, filter = [], keepStorage }: PruneOptions) => {
      const { builds } = await context.client();
      if (!force && !(await confirms(warning(all), context))) return;
      const unusedForSeconds = untilOf(filter);
      const { removed, freedBytes } = await builds.pruneCache({
        all,
        ...(unusedForSeconds !== null && { unusedForSeconds }),
        ...(keepStorage !== undefined && { keepBytes: parseSize(keepStorage) }),
      });
      if (removed.length > 0) context.print('Deleted build cache objects:');
      for (const id of removed) context.print(id);
      if (removed.length > 0) context.print('');
      context.print(`Total reclaimed space: ${humanSize(freedBytes)}`);
    });
}

export function addBuildCacheUsage(program: Command, context: CommandContext): void {
  program
    .command('du')
    .description('show what the cache of builds keeps')
    .action(async () => {
      const { entries, totalBytes, reclaimableBytes } = await (await context.client()).builds.cacheUsage({});
      const rows = entries.map(({ id, kind, sizeBytes, shared, inUse, lastUsedAt, description }) => [
        id.slice(0, 12),
        kind,
        String(!shared && !inUse),
        humanSize(sizeBytes),
        lastUsedAt.slice(0, 19).replace('T', ' '),
        description.split('\n', 1)[0]?.slice(0, 60) ?? '',
      ]);
      const header = ['ID', 'TYPE', 'RECLAIMABLE', 'SIZE', 'LAST USED', 'DESCRIPTION'];
      context.print(formatTable(header, rows));
      context.print(`Reclaimable:\t${humanSize(reclaimableBytes)}`);
      context.print(`Total:\t\t${humanSize(totalBytes)}`);
    });
}

export function addBuildCacheLimits(program: Command, context: CommandContext): void {
  program
    .command('limits')
    .description('show or set what the cache of builds is kept to')
    .option('--max-size <size>', 'what it may take on the disk; "none" is without end')
    .option('--max-unused <duration>', 'how long what nobody uses stays, as 336h; "none" is for ever')
    .action(async ({ maxSize, maxUnused }: LimitOptions) => {
      const { builds } = await context.client();
      const before = await builds.cacheLimits({});
      const wanted = {
        maxBytes: maxSize === undefined ? before.maxBytes : orNone(maxSize, parseSize),
        maxUnusedSeconds: maxUnused === undefined ? before.maxUnusedSeconds : orNone(maxUnused, secondsOf),
      };
      const isChange = maxSize !== undefined || maxUnused !== undefined;
      const { maxBytes, maxUnusedSeconds } = isChange ? await builds.saveCacheLimits(wanted) : before;
      context.print(`Size:\t\t${maxBytes === null ? 'none' : humanSize(maxBytes)}`);
      context.print(`Unused for:\t${maxUnusedSeconds === null ? 'none' : `${maxUnusedSeconds / 3600}h`}`);
    });
}

function orNone(text: string, read: (text: string) => number): number | null {
  return text === 'none' ? null : read(text);
}

function secondsOf(text: string): number {
  return Math.ceil(parseDuration(text) / 1000);
}

function warning(all: boolean): string {
  return all
    ? 'This removes the whole cache of builds, with the folders of cache mounts.'
    : 'This removes the steps of builds that the cache keeps.';
}

function untilOf(filters: readonly string[]): number | null {
  let seconds: number | null = null;
  for (const filter of filters) {
    const [key = '', value = ''] = filter.split('=', 2);
    if (key !== 'until' && key !== 'unused-for') {
      throw new EngineError('invalid-argument', `"${key}" is no filter of the build cache.`, {
        detail: { path: key },
        hint: 'There is until=24h.',
      });
    }
    seconds = parseDuration(value) / 1000;
  }
  return seconds;
}
