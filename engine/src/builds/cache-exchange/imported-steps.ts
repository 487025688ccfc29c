import type { BuildRequest } from '../../contract/index.ts';
import { toEngineError } from '../../errors/index.ts';
import type { SharedLayers } from '../../images/index.ts';
import { parseDigest } from '../../oci/index.ts';
import type { BuildImages } from '../build-parts.ts';
import type { BuiltLayer, Root } from '../graph/vertex.ts';
import type { StepIdentity } from '../solver/step-identity.ts';
import { cachePlace, nameOfPlace } from './cache-place.ts';
import { parseCacheDocument, type SharedStep } from './cache-document.ts';

/** One place that steps are imported from. */
interface Source {
  /** For people. */
  readonly name: string;
  readonly shared: SharedLayers;
  readonly steps: ReadonlyMap<string, SharedStep>;
  /** By DiffID. */
  readonly blobs: ReadonlyMap<string, SharedLayers['blobs'][number]>;
}

export interface ImportOptions {
  readonly signal: AbortSignal;
  readonly say: (message: string) => void;
}

/**
 * What `--cache-from` names. A layer is fetched when a step of this build is found there, and it is verified to be what
 * the step's record says of it. A cache that cannot be read is told of, and the build goes on without it.
 */
export class ImportedSteps {
  private readonly sources: readonly Source[];
  private readonly options: ImportOptions;

  static async open(
    images: BuildImages,
    { cacheFrom, credentials }: BuildRequest,
    options: ImportOptions,
  ): Promise<ImportedSteps> {
    const sources = await Promise.all(
      cacheFrom.map(async (cache) => {
        try {
          const place = cachePlace(cache, credentials);
          return [sourceOf(nameOfPlace(place), await images.readShared(place, options.signal))];
        } catch (thrown) {
          tellOf(cache.type === 'local' ? cache.path : cache.reference, thrown, options);
          return [];
        }
      }),
    );
    return new ImportedSteps(sources.flat(), options);
  }

  private constructor(sources: readonly Source[], options: ImportOptions) {
    this.sources = sources;
    this.options = options;
  }

  /** The step's layer, unpacked on its parent; null: nobody has it. Nothing holds it yet. */
  async bring({ key }: StepIdentity, parent: Root): Promise<BuiltLayer | null> {
    const parentChainId = parent.at(-1)?.chainId ?? null;
    for (const source of this.sources) {
      const step = source.steps.get(key);
      if (step?.parentChainId !== parentChainId) continue;
      const layer = await this.fetch(source, step).catch((thrown: unknown) => {
        tellOf(source.name, thrown, this.options);
        return null;
      });
      if (layer !== null) return layer;
    }
    return null;
  }

  private async fetch({ shared, blobs }: Source, step: SharedStep): Promise<BuiltLayer | null> {
    const { diffId, chainId, parentChainId, createdAt } = step;
    const blob = blobs.get(diffId);
    if (blob === undefined) return null;
    const layer = {
      ...{ ...blob, diffId: parseDigest(diffId), chainId: parseDigest(chainId) },
      parentChainId: parentChainId === null ? null : parseDigest(parentChainId),
    };
    const { usageBytes } = await shared.bring(layer, this.options.signal);
    return { diffId, chainId, usageBytes, createdAt };
  }
}

function sourceOf(name: string, shared: SharedLayers): Source {
  const { steps, diffIds } = parseCacheDocument(shared.document);
  const blobs = shared.blobs.flatMap((blob, index) => {
    const diffId = diffIds[index];
    return diffId === undefined ? [] : [[diffId, blob] as const];
  });
  return { name, shared, steps: new Map(steps.map((step) => [step.key, step])), blobs: new Map(blobs) };
}

/** Unless the build itself is over. */
function tellOf(name: string, thrown: unknown, { signal, say }: ImportOptions): void {
  signal.throwIfAborted();
  say(`no cache from ${name}: ${toEngineError(thrown).message}`);
}
