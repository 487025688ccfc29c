import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { EngineError, isEngineError, toEngineError } from '../../errors/index.ts';
import type { EventBus } from '../../events/index.ts';
import { diskError } from '../../metadata/index.ts';
import { formatReference, parseReference, withDefaultTag } from '../../oci/index.ts';
import type { Platform, StarterImage } from '../../types/index.ts';
import type { LayerFile } from '../layer-writer.ts';
import { type MadeImageParts, storeMadeImage } from '../made-image.ts';
import type { ImageRecord } from '../records.ts';
import { SharedWork } from '../shared-work.ts';
import type { Tasks } from '../tasks.ts';
import { busyboxRecipe } from './busybox.ts';
import { helloRecipe } from './hello.ts';
import { writeLayerFile } from './layer-file.ts';
import type { StarterRecipe } from './recipe.ts';

export interface StarterSources {
  /** The agent's binary, which is the program of `hello` as well. */
  readonly agentBinary: string;
  /** Where a busybox may be. */
  readonly busybox: readonly string[];
}

export interface StarterParts extends MadeImageParts {
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
    const { content, events, platform } = this.parts;
    const path = content.temporaryPath(randomUUID());
    try {
      const top = await writeLayerFile(path, await recipe.entries(program), signal);
      const config = configBytes(recipe, top, platform);
      const reference = fullName(recipe.reference);
      const image = await storeMadeImage(this.parts, { config, below: [], top, path, reference }, signal);
      events.publish({ type: 'image', action: 'import', id: image.id, reference: recipe.reference });
      return image;
    } catch (thrown) {
      throw isEngineError(thrown) ? thrown : toEngineError(diskError(thrown, path));
    } finally {
      await rm(path, { force: true });
    }
  }
}

function configBytes(recipe: StarterRecipe, { diffId }: LayerFile, platform: Platform): Uint8Array {
  const document = {
    ...platform,
    config: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      ...(recipe.entrypoint.length > 0 && { Entrypoint: recipe.entrypoint }),
      ...(recipe.command.length > 0 && { Cmd: recipe.command }),
      WorkingDir: '/',
    },
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [{ created_by: `longshore starter ${recipe.name}` }],
  };
  return new TextEncoder().encode(JSON.stringify(document));
}

function fullName(reference: string): string {
  return formatReference(withDefaultTag(parseReference(reference)));
}
