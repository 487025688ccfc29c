import type { Command } from 'commander';
import type { EngineClient } from '../../../contract/index.ts';
import { EngineError } from '../../../errors/index.ts';
import { familiarName, parseReference } from '../../../oci/index.ts';
import type { ImageSummary } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { parsePlatform } from '../flags/values.ts';
import { PullProgressView } from '../output/pull-progress.ts';
import { runForEach } from './for-each.ts';

const MAX_TAGS = 10_000;

export interface PullOptions {
  readonly platform?: ReturnType<typeof parsePlatform>;
  readonly quiet?: boolean;
  readonly insecure?: boolean;
}

interface PullCommandOptions extends PullOptions {
  readonly allTags?: boolean;
}

export function addPull(program: Command, context: CommandContext): void {
  program
    .command('pull')
    .description('download an image from a registry')
    .argument('<image>')
    .option('-a, --all-tags', 'all tags of the repository')
    .option('--platform <platform>', 'such as linux/arm64', parsePlatform)
    .option('--insecure', 'plain HTTP and any certificate will do')
    .option('-q, --quiet', 'print the reference only')
    .action(async (image: string, options: PullCommandOptions) => {
      const client = await context.client();
      const references = options.allTags === true ? await allTagsOf(client, image, options) : [image];
      await runForEach(references, context, async (reference) => {
        const pulled = await pullImage(client, context, reference, options, context.stdout);
        if (options.quiet === true) context.print(pulled.references[0] ?? pulled.id);
      });
    });
}

async function allTagsOf(
  { registries }: EngineClient,
  repository: string,
  { insecure = false }: PullOptions,
): Promise<readonly string[]> {
  const wanted = parseReference(repository);
  if (wanted.tag !== null || wanted.digest !== null) {
    throw new EngineError('invalid-argument', '--all-tags goes with a name alone.', {
      hint: `Leave the tag out: ${familiarName(wanted)}`,
    });
  }
  const tags = await registries.tags({ repository, insecure, limit: MAX_TAGS });
  return tags.map((tag) => `${familiarName(wanted)}:${tag}`);
}

/** Pulls and shows the progress on `output`; Ctrl+C cancels. */
export async function pullImage(
  client: EngineClient,
  context: CommandContext,
  reference: string,
  options: PullOptions,
  output: NodeJS.WriteStream,
): Promise<ImageSummary> {
  const view = options.quiet === true ? undefined : new PullProgressView(output);
  const request = {
    reference,
    insecure: options.insecure ?? false,
    ...(options.platform !== undefined && { platform: options.platform }),
  };
  for await (const progress of client.images.pull(request, { signal: context.signal })) {
    view?.show(progress);
    if (progress.stage === 'done') return progress.image;
  }
  throw new Error('the pull ended without its last word');
}
