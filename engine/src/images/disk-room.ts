import type { ContentStore } from '../content/index.ts';
import type { EngineError } from '../errors/index.ts';
import { diskFull, isDiskFull } from '../metadata/index.ts';
import type { Descriptor } from '../oci/index.ts';

/** A pull as far as the disk is concerned. */
export interface RoomDemand {
  readonly content: ContentStore;
  /** The image, as the person calls it. */
  readonly name: string;
  /** That are to be fetched and unpacked. */
  readonly layers: readonly Descriptor[];
}

/** Refuses what cannot fit before it begins; of what does not fit in the end, tells how much room there was. */
export async function withinRoom<T>(
  { content, name, layers }: RoomDemand,
  work: () => Promise<T>,
): Promise<T> {
  const free = await content.freeBytes();
  let needed = 0;
  // Unpacked they take more, how much is not known.
  for (const layer of layers) needed += await content.missingBytes(layer);
  if (needed > free) {
    throw noRoom(`${name} needs at least ${bytes(needed)} of disk space, and ${bytes(free)} are free.`);
  }
  try {
    return await work();
  } catch (thrown) {
    if (!isDiskFull(thrown)) throw thrown;
    throw noRoom(`${name} needs more than the ${bytes(free)} of disk space that were free.`, thrown);
  }
}

function noRoom(message: string, cause?: unknown): EngineError {
  return diskFull({ detail: { step: 'space', errno: 'ENOSPC' }, cause }, message);
}

function bytes(count: number): string {
  const [unit, name] = count < 1e9 ? [1e6, 'MB'] : [1e9, 'GB'];
  return `${(count / unit).toFixed(1)} ${name}`;
}
