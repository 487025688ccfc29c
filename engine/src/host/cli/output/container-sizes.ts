import type { EngineClient } from '../../../contract/index.ts';
import type { ContainerSummary } from '../../../types/index.ts';

/** Bytes of disk by container id. */
export type ContainerSizes = ReadonlyMap<
  string,
  {
    /** The container's own. */
    readonly writable: number;
    /** With its image's. */
    readonly virtual: number;
  }
>;

/** Measures containers, which walks over all that they have written. */
export async function containerSizes(
  client: EngineClient,
  containers: readonly ContainerSummary[],
  signal: AbortSignal,
): Promise<ContainerSizes> {
  const images = new Map((await client.images.list({})).map(({ id, sizeBytes }) => [id, sizeBytes]));
  const written = new Map<string, number>();
  if (containers.length > 0) {
    const asked = containers.map(({ id }) => id);
    for await (const { id, writableBytes } of client.containers.usage({ containers: asked }, { signal })) {
      written.set(id, writableBytes);
    }
  }
  return new Map(
    containers.map(({ id, image }) => {
      const writable = written.get(id) ?? 0;
      return [id, { writable, virtual: writable + (images.get(image.id) ?? 0) }];
    }),
  );
}
