import path from 'node:path';
import type { Command } from 'commander';
import { EngineError } from '../../../errors/index.ts';
import { fileSource, stdinSource } from '../archives/source.ts';
import { upload } from '../archives/upload.ts';
import { refuseTerminal, writeArchive } from '../archives/whole-file.ts';
import type { CommandContext } from '../context.ts';
import { omitUndefined } from '../flags/defined.ts';
import { collect, parsePlatform } from '../flags/values.ts';
import { LoadProgressView } from '../output/load-progress.ts';

type PlatformOption = ReturnType<typeof parsePlatform>;

export function addSave(program: Command, context: CommandContext): void {
  program
    .command('save')
    .description('write images as a tar archive, to stdout or a file; docker load and OCI tools read it')
    .argument('<image...>')
    .option('-o, --output <file>', 'write to this file')
    .option('--platform <platform>', 'of images for several, this one: linux/arm64', parsePlatform)
    .action(
      async (images: string[], { output, platform }: { output?: string; platform?: PlatformOption }) => {
        if (output === undefined) refuseTerminal(context);
        const client = await context.client();
        const request = omitUndefined({ images, platform });
        await writeArchive(client.images.save(request, { signal: context.signal }), output, context);
      },
    );
}

interface LoadOptions {
  readonly input?: string;
  readonly quiet?: boolean;
  readonly platform?: PlatformOption;
}

export function addLoad(program: Command, context: CommandContext): void {
  program
    .command('load')
    .description('take images out of an archive of docker save or an OCI image layout, plain or compressed')
    .option('-i, --input <file>', 'read this file instead of stdin')
    .option('-q, --quiet', 'show no progress')
    .option('--platform <platform>', 'of images for several, this one: linux/arm64', parsePlatform)
    .action(async ({ input, quiet = false, platform }: LoadOptions) => {
      const source = input === undefined ? stdinSource(context, 'load') : await fileSource(input);
      const client = await context.client();
      const call = client.images.load(omitUndefined({ name: nameOf(input), platform }), {
        signal: context.signal,
      });
      const view = quiet ? undefined : new LoadProgressView(context.stderr);
      await upload(call, source, (progress) => {
        view?.show(progress);
        if (progress.stage !== 'done') return;
        for (const { image, references } of progress.images) {
          references.forEach((name) => context.print(`Loaded image: ${name}`));
          if (references.length === 0) context.print(`Loaded image ID: ${image.id}`);
        }
      });
    });
}

interface ImportOptions {
  readonly change?: readonly string[];
  readonly message?: string;
  readonly platform?: PlatformOption;
}

export function addImport(program: Command, context: CommandContext): void {
  program
    .command('import')
    .description('make an image of a root file system, a tar archive, plain or compressed')
    .argument('<file>', 'a path, or - for stdin')
    .argument('[reference]', 'the name of the image')
    .option('-c, --change <instruction>', 'as in a Dockerfile: \'CMD ["sh"]\' (repeatable)', collect)
    .option('-m, --message <text>', 'what was done')
    .option('--platform <platform>', 'what its programs are made for: linux/arm64', parsePlatform)
    .action(async (file: string, reference: string | undefined, options: ImportOptions) => {
      const { change = [], message = `Imported from ${file}`, platform } = options;
      refuseAddress(file);
      const source = file === '-' ? stdinSource(context, 'import') : await fileSource(file);
      const client = await context.client();
      const name = nameOf(file === '-' ? undefined : file);
      const request = omitUndefined({ name, reference, message, changes: [...change], platform });
      await upload(client.images.import(request, { signal: context.signal }), source, (progress) => {
        if (progress.stage === 'done') context.print(progress.image.id);
      });
    });
}

/** For who sees the task; stdin has no name. */
function nameOf(file: string | undefined): string | undefined {
  return file === undefined ? undefined : path.basename(file);
}

function refuseAddress(file: string): void {
  if (!/^https?:\/\//i.test(file)) return;
  throw new EngineError('not-implemented', 'Archives are not fetched from the network.', {
    detail: { step: 'import', path: file },
    hint: `Send it in instead: curl -fL ${file} | longshore import -`,
  });
}
