import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { BuildRequestInput, EngineClient } from '../../../../contract/index.ts';
import type { BuildEvent, BuildResult } from '../../../../types/index.ts';
import type { CommandContext } from '../../context.ts';
import { collect } from '../../flags/values.ts';
import { BuildProgressView } from '../../output/build-progress.ts';
import { type BuildOptions, buildRequestOf } from './build-options.ts';
import { sayChecks } from './checks.ts';

export function addBuild(program: Command, context: CommandContext): void {
  const command = program
    .command('build')
    .description('make an image of a Dockerfile and a folder')
    .argument('<context>', 'a folder, or - for a Dockerfile or an archive from the input')
    .option('-f, --file <path>', 'the Dockerfile; - is the input')
    .option('-t, --tag <name>', 'the name of the image (repeatable)', collect)
    .option('--target <stage>', 'the stage to build')
    .option('--build-arg <name=value>', 'the value of an ARG (repeatable)', collect)
    .option('--label <name=value>', 'a label of the image (repeatable)', collect)
    .option('--platform <os/arch,...>', 'what the image is made for; several make one image with an index')
    .option('--no-cache', 'build every step anew')
    .option('--no-cache-filter <stage>', 'build this stage anew (repeatable)', collectStages)
    .option('--pull', 'ask for base images anew')
    .option('--build-context <name=path>', 'a further folder or image (repeatable)', collect)
    .option('--secret <id=name,src=path>', 'a file or variable that commands may see (repeatable)', collect)
    .option('--ssh <id=socket>', 'an ssh agent that commands may ask (repeatable)', collect)
    .option('--network <mode>', 'default, none or host')
    .option('--allow <what>', 'network.host or security.insecure (repeatable)', collect)
    .option('--add-host <name:address>', 'a name for /etc/hosts (repeatable)', collect)
    .option('--ulimit <name=soft:hard>', 'a limit of the commands (repeatable)', collect)
    .option('--shm-size <size>', 'the size of /dev/shm')
    .option('-m, --memory <size>', 'the memory that a command may take')
    .option('--cpu-shares <weight>', 'its weight on the processors')
    .option('--cpuset-cpus <list>', 'the processors it may run on')
    .option(
      '--cache-from <where>',
      'NAME, type=registry,ref=NAME or type=local,src=FOLDER: steps that others have built (repeatable)',
      collect,
    )
    .option(
      '--cache-to <where>',
      'type=registry,ref=NAME, type=local,dest=FOLDER or type=inline: leave the steps there (repeatable)',
      collect,
    )
    .option('-o, --output <what>', 'type=image|local|tar|oci|docker,dest=PATH (repeatable)', collect)
    .option('--push', 'push the image under its names')
    .option('--load', 'keep the image here, which is so anyway')
    .option('--progress <how>', 'auto, plain, quiet or rawjson', 'auto')
    .option('-q, --quiet', 'print the id of the image only')
    .option('--iidfile <path>', 'write the id of the image into this file')
    .option('--metadata-file <path>', 'write what came of the build into this file')
    .option('--check', 'check the Dockerfile, and build nothing')
    .option('--rm', 'taken for the sake of old scripts')
    .option('--force-rm', 'taken for the sake of old scripts');
  command.action(async (folder: string, options: BuildOptions) => {
    const client = await context.client();
    const { request, upload } = await buildRequestOf(folder, options, context.stdin);
    if (options.check === true) return check(client, context, request, upload);
    const result = await build(client, context, options, request, upload);
    if (options.quiet === true && result.imageId !== null) context.print(result.imageId);
    if (options.iidfile !== undefined) await writeFile(options.iidfile, result.imageId ?? '');
    if (options.metadataFile !== undefined) await writeFile(options.metadataFile, metadataOf(result));
  });
}

async function check(
  client: EngineClient,
  context: CommandContext,
  request: BuildRequestInput,
  upload: AsyncIterable<Uint8Array> | null,
): Promise<void> {
  const call = client.builds.check(request, { signal: context.signal });
  const sending = send(call, upload);
  for await (const checked of call) context.exitCode = sayChecks(context, checked, request.dockerfile);
  await sending;
}

async function build(
  client: EngineClient,
  context: CommandContext,
  { quiet = false, progress }: BuildOptions,
  request: BuildRequestInput,
  upload: AsyncIterable<Uint8Array> | null,
): Promise<BuildResult> {
  const view =
    quiet || progress === 'quiet' ? null : new BuildProgressView(context.stderr, progress === 'rawjson');
  const call = client.builds.build(request, { signal: context.signal });
  const sending = send(call, upload);
  let result: BuildResult | null = null;
  for await (const event of call) {
    view?.show(event);
    if (event.type === 'output-data') await writeOut(context, event);
    if (event.type === 'ended') result = event.result;
  }
  await sending;
  if (result === null) throw new Error('a build that ends well has a result');
  return result;
}

async function send(
  call: { send(bytes: Uint8Array): Promise<void>; end(): void },
  upload: AsyncIterable<Uint8Array> | null,
): Promise<void> {
  try {
    for await (const bytes of upload ?? []) await call.send(Uint8Array.from(bytes));
    call.end();
  } catch {
    // The build has ended, and says why itself.
  }
}

async function writeOut(
  { stdout }: CommandContext,
  { data }: Extract<BuildEvent, { type: 'output-data' }>,
): Promise<void> {
  if (!stdout.write(data)) await new Promise((resolve) => stdout.once('drain', resolve));
}

/** As buildx writes it. */
function metadataOf({ imageId, manifestDigest, references }: BuildResult): string {
  const document = {
    'containerimage.config.digest': imageId,
    'containerimage.digest': manifestDigest,
    'image.name': references.join(','),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** To commander, `--no-X` is an X that is true before it is said. */
function collectStages(value: string, before: unknown): readonly string[] {
  return [...(Array.isArray(before) ? (before as readonly string[]) : []), value];
}
