import type { Command } from 'commander';
import type { EngineClient } from '../../../contract/index.ts';
import { EngineError } from '../../../errors/index.ts';
import { familiarName, parseReference } from '../../../oci/index.ts';
import type { CommandContext } from '../context.ts';
import { parsePlatform } from '../flags/values.ts';
import { PushProgressView } from '../output/push-progress.ts';
import { runForEach } from './for-each.ts';

interface PushOptions {
  readonly allTags?: boolean;
  readonly insecure?: boolean;
  readonly platform?: ReturnType<typeof parsePlatform>;
  readonly quiet?: boolean;
}

export function addPush(program: Command, context: CommandContext): void {
  program
    .command('push')
    .description('upload an image to the registry that its name says')
    .argument('<image>')
    .option('-a, --all-tags', 'all tags of the repository')
    .option('--insecure', 'plain HTTP and any certificate will do')
    .option('--platform <platform>', 'of an image for several platforms, this one alone', parsePlatform)
    .option('-q, --quiet', 'print the reference only')
    .action(async (image: string, options: PushOptions) => {
      const client = await context.client();
      const references = options.allTags === true ? await allTagsOf(client, image) : [image];
      await runForEach(references, context, (reference) => push(client, context, reference, options));
    });
}

async function allTagsOf(client: EngineClient, repository: string): Promise<readonly string[]> {
  const wanted = parseReference(repository);
  if (wanted.tag !== null || wanted.digest !== null) {
    throw new EngineError('invalid-argument', '--all-tags goes with a name alone.', {
      hint: `Leave the tag out: ${familiarName(wanted)}`,
    });
  }
  const images = await client.images.list({});
  const references = images
    .flatMap(({ references: names }) => names)
    .filter((name) => familiarName(parseReference(name)) === familiarName(wanted));
  if (references.length > 0) return references;
  throw new EngineError('not-found', `There is no image ${familiarName(wanted)} here.`);
}

async function push(
  client: EngineClient,
  context: CommandContext,
  reference: string,
  { quiet = false, insecure = false, platform }: PushOptions,
): Promise<void> {
  const view = quiet ? undefined : new PushProgressView(context.stdout);
  const request = { reference, insecure, ...(platform && { platform }) };
  for await (const progress of client.images.push(request, { signal: context.signal })) {
    view?.show(progress);
    if (progress.stage === 'done' && quiet) context.print(progress.reference);
  }
}
