import type { Command } from 'commander';
import type { EngineClient } from '../../../contract/index.ts';
import { EngineError } from '../../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { layerFileLine } from '../output/layer-file-line.ts';
import { shortDigest } from '../output/layer-lines.ts';

interface FilesOptions {
  readonly layer?: string;
  /** False with --no-trunc. */
  readonly trunc: boolean;
}

/** `image files`: what docker has no verb for. */
export function addImageFiles(program: Command, context: CommandContext): void {
  program
    .command('files')
    .description(
      'the files of each layer, lowest first; of one path, the layers that it is from, uppermost first',
    )
    .argument('<image>')
    .argument('[path]', 'only this file or directory')
    .option('--layer <digest>', 'only this layer: the beginning of its digest or DiffID')
    .option('--no-trunc', 'print digests in full')
    .action(async (image: string, path: string | undefined, options: FilesOptions) => {
      const client = await context.client();
      if (path === undefined) await listLayers(client, image, options, context);
      else await listOrigins(client, { image, path }, options, context);
    });
}

async function listLayers(
  client: EngineClient,
  image: string,
  { layer: wanted, trunc }: FilesOptions,
  context: CommandContext,
): Promise<void> {
  const { layers } = await client.images.inspect({ image });
  const chosen = layers.filter(
    ({ digest, diffId }) => wanted === undefined || begins(digest, wanted) || begins(diffId, wanted),
  );
  if (wanted !== undefined && chosen.length !== 1) throw noOneLayer(wanted, chosen.length);
  for (const { digest, diffId } of chosen) {
    if (chosen.length > 1) context.print(`${trunc ? shortDigest(diffId) : diffId}:`);
    const batches = client.images.layerFiles({ image, layer: digest }, { signal: context.signal });
    for await (const files of batches) for (const file of files) context.print(layerFileLine(file));
  }
}

async function listOrigins(
  client: EngineClient,
  query: { readonly image: string; readonly path: string },
  { layer: wanted, trunc }: FilesOptions,
  context: CommandContext,
): Promise<void> {
  let found = false;
  for await (const { layer, file } of client.images.fileOrigins(query, { signal: context.signal })) {
    if (wanted !== undefined && !begins(layer.digest, wanted) && !begins(layer.diffId, wanted)) continue;
    found = true;
    context.print(`${trunc ? shortDigest(layer.diffId) : layer.diffId} ${layerFileLine(file)}`);
  }
  if (found) return;
  throw new EngineError('not-found', `No layer of ${query.image} has ${query.path}.`, {
    detail: { path: query.path },
  });
}

function begins(digest: string, wanted: string): boolean {
  return digest.startsWith(wanted) || digest.startsWith(`sha256:${wanted}`);
}

function noOneLayer(wanted: string, count: number): EngineError {
  const words = count === 0 ? 'No layer has' : 'Several layers have';
  return new EngineError('not-found', `${words} a digest that begins with ${wanted}.`, {
    hint: 'longshore image inspect tells the layers.',
  });
}
