import type { ContentStore } from '../content/index.ts';
import { isEngineError } from '../errors/index.ts';
import { type Digest, parseManifest } from '../oci/index.ts';
import { attestationsIn } from './attestations.ts';
import type { ImageRecord } from './records.ts';
import { sourceIndex } from './source-index.ts';

type Origin = Pick<ImageRecord, 'index' | 'attestations'>;

/**
 * What a record has of the index that its image came in, from the content. Nothing, when the index is not there or does
 * not speak of the image: the image is whole without.
 */
export async function recoverOrigin(content: ContentStore, digest: Digest, image: Digest): Promise<Origin> {
  try {
    const bytes = await content.read(digest);
    const index = parseManifest(bytes, null);
    if (index.kind !== 'index' || !index.manifests.some((entry) => entry.digest === image)) return {};
    const { record } = sourceIndex(index, { digest, bytes });
    const attestations = await attestationsIn(content, { index, image });
    return { index: record, ...(attestations.length > 0 && { attestations: [...attestations] }) };
  } catch (thrown) {
    if (isEngineError(thrown)) return {};
    throw thrown;
  }
}
