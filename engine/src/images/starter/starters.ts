import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { type ContentStore, digestOf } from '../../content/index.ts';
import { EngineError, isEngineError, toEngineError } from '../../errors/index.ts';
import type { EventBus } from '../../events/index.ts';
import { diskError } from '../../metadata/index.ts';
import {
  type Descriptor,
  formatReference,
  MEDIA_TYPES,
  parseReference,
  withDefaultTag,
} from '../../oci/index.ts';
import type { Snapshotter } from '../../snapshots/index.ts';
import type { Platform, StarterImage } from '../../types/index.ts';
import type { Catalog } from '../catalog.ts';
import type { Garbage } from '../garbage.ts';
import type { Leases } from '../leases.ts';
import type { ImageRecord, LayerRecord } from '../records.ts';
import { SharedWork } from '../shared-work.ts';
import type { Tasks } from '../tasks.ts';
import { Watermark } from '../watermark.ts';
import { busyboxRecipe } from './busybox.ts';
import { helloRecipe } from './hello.ts';
import { type LayerFile, writeLayerFile } from './layer-file.ts';
import type { StarterRecipe } from './recipe.ts';

export interface StarterSources {
  /** The agent's binary, which is the program of `hello` as well. */
  readonly agentBinary: string;
  /** Where a busybox may be. */
  readonly busybox: readonly string[];
}

export interface StarterParts {
  readonly catalog: Catalog;
  readonly leases: Leases;
  readonly garbage: Garbage;
  readonly content: ContentStore;
  readonly snapshotter: Snapshotter;
  readonly events: EventBus;
  readonly tasks: Tasks;
  readonly platform: Platform;
  readonly starters: StarterSources;
}

/** Images made on this machine from programs that it has, as real ones: a layer, a config, a manifest. */
export class Starters {
  private readonly parts: StarterParts;
  private readonly recipes: readonly StarterRecipe[];
  private readonly installing = new SharedWork<never, ImageRecord>();

  constructor(parts: StarterParts) {
    this.parts = parts;
    this.recipes = [helloRecipe(parts.starters.agentBinary), busyboxRecipe(parts.starters.busybox)];
  }

  /** Those that can be made here. */
  async list(): Promise<readonly StarterImage[]> {
    const listed = await Promise.all(
      this.recipes.map(async (recipe) => {
        const { name, reference, description } = recipe;
        const installed = this.parts.catalog.named(fullName(reference)) !== undefined;
        const possible = installed || (await recipe.findProgram()) !== null;
        return possible ? [{ name, reference, description, installed }] : [];
      }),
    );
    return listed.flat();
  }

  async install(name: StarterImage['name']): Promise<ImageRecord> {
    const recipe = this.recipes.find((candidate) => candidate.name === name);
    const program = (await recipe?.findProgram()) ?? null;
    if (recipe === undefined || program === null) {
      throw new EngineError('failed-precondition', `The image ${name} cannot be made on this machine.`, {
        detail: { step: 'starter', path: name },
        ...(recipe !== undefined && { hint: recipe.missingHint }),
      });
    }
    return this.parts.tasks.run('image-starter', recipe.reference, ({ signal }) =>
      this.installing.join(name, (work) => this.make(recipe, program, work.signal), {
        signal,
        onProgress: () => undefined,
      }),
    );
  }

  private async make(recipe: StarterRecipe, program: string, signal: AbortSignal): Promise<ImageRecord> {
    const { content } = this.parts;
    const path = content.temporaryPath(randomUUID());
    try {
      const layer = await writeLayerFile(path, await recipe.entries(program), signal);
      return await this.store(recipe, layer, path, signal);
    } catch (thrown) {
      throw isEngineError(thrown) ? thrown : toEngineError(diskError(thrown, path));
    } finally {
      await rm(path, { force: true });
    }
  }

  private async store(
    recipe: StarterRecipe,
    layer: LayerFile,
    path: string,
    signal: AbortSignal,
  ): Promise<ImageRecord> {
    const { content, garbage, leases } = this.parts;
    const config = configBytes(recipe, layer, this.parts.platform);
    const configDescriptor = describe(MEDIA_TYPES.ociConfig, config);
    const manifest = manifestBytes(configDescriptor, layer);
    const manifestDescriptor = describe(MEDIA_TYPES.ociManifest, manifest);
    const leased = {
      manifest: manifestDescriptor.digest,
      digests: [manifestDescriptor.digest, configDescriptor.digest, layer.digest],
      chainIds: [layer.diffId],
    };
    await garbage.protect(leased, signal);
    let committed = false;
    try {
      await content.adopt(path, layer.digest);
      await content.put(configDescriptor, config);
      await content.put(manifestDescriptor, manifest);
      const usageBytes = await this.unpack(layer, signal);
      const image = await this.commit(recipe, layer, usageBytes, configDescriptor, manifestDescriptor);
      committed = true;
      return image;
    } finally {
      await leases.release(manifestDescriptor.digest, committed);
    }
  }

  private async unpack({ digest, size, diffId }: LayerFile, signal: AbortSignal): Promise<number> {
    const { content, snapshotter } = this.parts;
    const stored = new Watermark(size);
    stored.end();
    const { usageBytes } = await snapshotter.unpack(
      {
        chainId: diffId,
        parentChainId: null,
        diffId,
        digest,
        size,
        mediaType: MEDIA_TYPES.ociLayerGzip,
        path: content.pathOf(digest),
      },
      stored,
      { signal },
    );
    return usageBytes;
  }

  private async commit(
    recipe: StarterRecipe,
    layer: LayerFile,
    usageBytes: number,
    config: Descriptor,
    manifest: Descriptor,
  ): Promise<ImageRecord> {
    const { catalog, events, platform } = this.parts;
    const { digest, size, diffId } = layer;
    const layerRecord: LayerRecord = {
      digest,
      size,
      diffId,
      chainId: diffId,
      mediaType: MEDIA_TYPES.ociLayerGzip,
      usageBytes,
    };
    const image: ImageRecord = {
      id: config.digest,
      manifest,
      platform,
      repoDigests: [],
      layers: [layerRecord],
      createdAt: null,
      labels: {},
      removeWhenUnused: false,
    };
    await catalog.exclusive(() => catalog.add(image, fullName(recipe.reference)));
    events.publish({ type: 'image', action: 'import', id: image.id, reference: recipe.reference });
    return image;
  }
}

function configBytes(recipe: StarterRecipe, { diffId }: LayerFile, platform: Platform): Uint8Array {
  return encode({
    ...platform,
    config: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      ...(recipe.entrypoint.length > 0 && { Entrypoint: recipe.entrypoint }),
      ...(recipe.command.length > 0 && { Cmd: recipe.command }),
      WorkingDir: '/',
    },
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [{ created_by: `longshore starter ${recipe.name}` }],
  });
}

function manifestBytes(config: Descriptor, { digest, size }: LayerFile): Uint8Array {
  const layers = [{ mediaType: MEDIA_TYPES.ociLayerGzip, digest, size }];
  return encode({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, config, layers });
}

function describe(mediaType: string, bytes: Uint8Array): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
}

function encode(document: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(document));
}

function fullName(reference: string): string {
  return formatReference(withDefaultTag(parseReference(reference)));
}
