import type { Command } from 'commander';
import { fileSource, stdinSource } from '../../archives/source.ts';
import { upload } from '../../archives/upload.ts';
import { refuseTerminal, writeArchive } from '../../archives/whole-file.ts';
import type { CommandContext } from '../../context.ts';
import { splitPair } from '../../flags/defined.ts';
import { collect } from '../../flags/values.ts';

interface LabelOption {
  readonly label?: readonly string[];
}

export function addCloneVolume(group: Command, context: CommandContext): void {
  group
    .command('clone')
    .description('make a volume with the same data as another')
    .argument('<volume>')
    .argument('<name>', 'of the new one')
    .option('--label <name=value>', "label, instead of the other's (repeatable)", collect)
    .action(async (volume: string, name: string, { label }: LabelOption) => {
      const { volumes } = await context.client();
      const labels = label === undefined ? {} : { labels: Object.fromEntries(label.map(splitPair)) };
      context.print((await volumes.clone({ volume, name, ...labels })).name);
    });
}

export function addExportVolume(group: Command, context: CommandContext): void {
  group
    .command('export')
    .description('write what is in a volume as a tar archive, to stdout or a file')
    .argument('<volume>')
    .option('-o, --output <file>', 'write to this file')
    .action(async (volume: string, { output }: { readonly output?: string }) => {
      if (output === undefined) refuseTerminal(context);
      const { volumes } = await context.client();
      await writeArchive(volumes.export({ volume }, { signal: context.signal }), output, context);
    });
}

interface ImportOptions extends LabelOption {
  readonly replace?: boolean;
}

export function addImportVolume(group: Command, context: CommandContext): void {
  group
    .command('import')
    .description('make a volume of a tar archive, plain or compressed')
    .argument('<name>', 'of the new volume')
    .argument('[file]', 'a path, or - for stdin', '-')
    .option('--replace', 'give a volume that exists this content; `volume trash` has the former')
    .option('--label <name=value>', 'label (repeatable)', collect)
    .action(async (name: string, file: string, { replace = false, label = [] }: ImportOptions) => {
      const source = file === '-' ? stdinSource(context, 'import') : await fileSource(file);
      const { volumes } = await context.client();
      const request = { name, replace, labels: Object.fromEntries(label.map(splitPair)) };
      const call = volumes.import(request, { signal: context.signal });
      await upload(call, source, ({ volume }) => context.print(volume.name));
    });
}
