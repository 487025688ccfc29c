import type { Command } from 'commander';
import type { CommandContext } from '../../context.ts';
import { formatTable } from '../../output/table.ts';
import { humanSize } from '../../output/units.ts';

export function addSizeVolumes(group: Command, context: CommandContext): void {
  group
    .command('size')
    .description('measure what volumes take; without names all of them')
    .argument('[volume...]')
    .action(async (names: string[]) => {
      const { volumes } = await context.client();
      const rows: string[][] = [];
      for await (const usage of volumes.usage({ volumes: names }, { signal: context.signal })) {
        rows.push([usage.volume, humanSize(usage.sizeBytes), String(usage.files)]);
      }
      context.print(formatTable(['VOLUME NAME', 'SIZE', 'FILES'], rows));
    });
}
