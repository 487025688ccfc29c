import type { Digest } from './digest.ts';

/**
 * The names of the stacks that the layers form, one per layer: the lowest layer's is its DiffID, each further one
 * the digest of "<ChainID below> <DiffID>" (image-spec, "Layer ChainID"). `digestOf` hashes the text's UTF-8 bytes.
 */
export function chainIds(diffIds: readonly Digest[], digestOf: (text: string) => Digest): readonly Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : digestOf(`${below} ${diffId}`));
  }
  return chain;
}
