import type { Command } from 'commander';
import type { FileChange } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { writeAll } from '../output/write.ts';

const LETTERS: Readonly<Record<FileChange['kind'], string>> = { modified: 'C', added: 'A', deleted: 'D' };

export function addDiff(program: Command, context: CommandContext): void {
  program
    .command('diff')
    .description('list what differs from the image: A added, C changed, D deleted')
    .argument('<container>')
    .action(async (container: string) => {
      const client = await context.client();
      for await (const changes of client.containers.changes({ container }, { signal: context.signal })) {
        const lines = changes.map(({ path, kind }) => `${LETTERS[kind]} ${path}\n`);
        await writeAll(context.stdout, Buffer.from(lines.join('')));
      }
    });
}
