import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { EngineError } from '../../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { inWords } from '../copy/local-error.ts';
import { writeAll } from '../output/write.ts';

export function addExport(program: Command, context: CommandContext): void {
  program
    .command('export')
    .description("write a container's whole root as a tar archive, to stdout or a file")
    .argument('<container>')
    .option('-o, --output <file>', 'write to this file')
    .action(async (container: string, { output }: { readonly output?: string }) => {
      if (output === undefined && context.stdout.isTTY) {
        throw new EngineError('failed-precondition', 'cowardly refusing to save to a terminal.', {
          hint: 'Use the -o flag or redirect.',
        });
      }
      const client = await context.client();
      const archive = client.containers.export({ container }, { signal: context.signal });
      if (output !== undefined) await writeFileWhole(path.resolve(output), archive);
      else for await (const data of archive) await writeAll(context.stdout, data);
    });
}

/** Under its name is either what was there before or all of the archive. */
async function writeFileWhole(file: string, archive: AsyncIterable<Uint8Array>): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.part`);
  const handle = await inWords('open', file, () => open(temporary, 'wx', 0o600));
  try {
    try {
      for await (const data of archive) await inWords('write', file, () => handle.writeFile(data));
    } finally {
      await handle.close();
    }
    await inWords('rename', file, () => rename(temporary, file));
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}
