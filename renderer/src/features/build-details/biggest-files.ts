import type { EngineClient } from '@longshore/engine/contract';

export interface BigFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Of the image's layers, from 1. */
  readonly layer: number;
}

/** The biggest files of an image with the layers that brought them; a file that a layer above has changed counts twice. */
export async function biggestFiles(
  engine: EngineClient,
  image: string,
  most: number,
  signal: AbortSignal,
): Promise<readonly BigFile[]> {
  const { layers } = await engine.images.inspect({ image }, { signal });
  let biggest: BigFile[] = [];
  for (const [index, { diffId }] of layers.entries()) {
    for await (const files of engine.images.layerFiles({ image, layer: diffId }, { signal })) {
      const big = files
        .filter(({ type, linkTarget }) => type === 'file' && linkTarget === null)
        .map(({ path, sizeBytes }) => ({ path, sizeBytes, layer: index + 1 }));
      biggest = [...biggest, ...big].sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, most);
    }
  }
  return biggest;
}
