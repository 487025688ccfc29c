import type { BuildRequest } from '../../contract/index.ts';
import type { BuildsParts } from '../build-parts.ts';
import type { CachedStep } from '../solver/step-cache.ts';
import { CACHE_CONFIG_TYPE, cacheDocument } from './cache-document.ts';
import { cachePlace, nameOfPlace } from './cache-place.ts';

interface ExportOptions {
  readonly signal: AbortSignal;
  readonly say: (message: string) => void;
}

/** Puts the steps of a build, those of all its stages, where `--cache-to` says. */
export async function exportCache(
  { images, host }: Pick<BuildsParts, 'images' | 'host'>,
  { cacheTo, credentials }: BuildRequest,
  steps: readonly CachedStep[],
  { signal, say }: ExportOptions,
): Promise<void> {
  const layers = [...new Map(steps.map(({ layer }) => [layer.diffId, layer])).values()];
  const document = cacheDocument(
    steps,
    layers.map(({ diffId }) => diffId),
  );
  const archiveOf = (chainId: string): AsyncIterable<Uint8Array> => host.readLayer(chainId, { signal });
  for (const target of cacheTo) {
    if (target.type === 'inline') continue;
    const place = cachePlace(target, credentials);
    say(`writing the cache to ${nameOfPlace(place)}`);
    const order = { document, documentType: CACHE_CONFIG_TYPE, layers, archiveOf };
    await images.writeShared(place, order, signal);
  }
}
