import type { Command } from 'commander';
import type { EngineClient } from '../../../contract/index.ts';
import type { ImageSummary } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { parsePlatform } from '../flags/values.ts';
import { PullProgressView } from '../output/pull-progress.ts';

export interface PullOptions {
  readonly platform?: ReturnType<typeof parsePlatform>;
  readonly quiet?: boolean;
  readonly insecure?: boolean;
}

export function addPull(program: Command, context: CommandContext): void {
  program
    .command('pull')
    .description('download an image from a registry')
    .argument('<image>')
    .option('--platform <platform>', 'such as linux/arm64', parsePlatform)
    .option('--insecure', 'speak plain HTTP to this registry')
    .option('-q, --quiet', 'print the reference only')
    .action(async (reference: string, options: PullOptions) => {
      const image = await pullImage(await context.client(), context, reference, options, context.stdout);
      if (options.quiet === true) context.print(image.references[0] ?? image.id);
    });
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
