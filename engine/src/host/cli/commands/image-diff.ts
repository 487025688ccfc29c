import { type Command, Option } from 'commander';
import type { ImageFileDifference } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { humanSize } from '../output/units.ts';

const LETTERS = { added: 'A', changed: 'C', removed: 'D' } as const;

/** `image diff`: what docker has no verb for, in the words of its `container diff`. */
export function addImageDiff(program: Command, context: CommandContext): void {
  program
    .command('diff')
    .description('the files in which another image differs from an image: A added, C changed, D removed')
    .argument('<image>')
    .argument('<other>')
    .addOption(new Option('--format <format>', 'how to print: json is one document a line').choices(['json']))
    .action(async (image: string, other: string, { format }: { readonly format?: string }) => {
      const client = await context.client();
      for await (const batch of client.images.diff({ image, other }, { signal: context.signal })) {
        for (const difference of batch) {
          context.print(format === 'json' ? JSON.stringify(difference) : lineOf(difference));
        }
      }
    });
}

function lineOf({ path, change, before, after }: ImageFileDifference): string {
  const sizes = [before, after].flatMap((state) => (state?.type === 'file' ? [state.sizeBytes] : []));
  const words = sizes.length === 0 ? '' : ` (${sizes.map(humanSize).join(' -> ')})`;
  return `${LETTERS[change]} ${path}${words}`;
}
