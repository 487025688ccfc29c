import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { BuildRequest } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import type { StoredBuild } from '../../images/index.ts';
import type { BuildEvent, BuildResult } from '../../types/index.ts';
import type { BuildsParts } from '../build-parts.ts';
import { inlineCache } from '../cache-exchange/cache-document.ts';
import type { BuiltStage } from '../frontend/built-stage.ts';
import { sourceDateEpoch } from '../frontend/source-date-epoch.ts';
import type { Root, Vertex } from '../graph/vertex.ts';
import type { CachedStep } from '../solver/step-cache.ts';
import { imageDocument } from './image-document.ts';
import { unpackLocally } from '../unpack-locally.ts';

/** Of one platform. */
export interface BuiltRoot {
  readonly stage: BuiltStage;
  readonly root: Root;
}

export interface Built {
  /** One, or one for each platform. */
  readonly images: readonly BuiltRoot[];
  readonly request: BuildRequest;
  readonly layerOf: (vertex: Vertex) => { readonly createdAt: string | null } | null;
  /** All that were needed, of every stage. */
  readonly steps: readonly CachedStep[];
}

interface Saying {
  readonly emit: (event: BuildEvent) => void;
  readonly signal: AbortSignal;
}

type Output = BuildRequest['outputs'][number];

/** Makes of what was built what was asked for. */
export async function writeOutputs(parts: BuildsParts, built: Built, saying: Saying): Promise<BuildResult> {
  const { request, images } = built;
  const [first] = images;
  if (first === undefined) throw new Error('a build has a target');
  const { stage, root } = first;
  const wantsImage =
    request.push || request.outputs.some(({ type }) => ['image', 'oci', 'docker'].includes(type));
  const stored = wantsImage ? await storeImages(parts, built, saying) : null;
  for (const output of request.outputs) await writeOutput(parts, output, stored?.id ?? null, root, saying);
  if (request.push) {
    for (const reference of stored?.references ?? []) await push(parts, reference, saying);
  }
  const { os, architecture, variant } = stage.platform;
  return {
    imageId: stored?.id ?? null,
    manifestDigest: stored?.manifestDigest ?? null,
    references: stored?.references ?? [],
    platform: { os, architecture, ...(variant !== undefined && { variant }) },
  };
}

/** Of a build for several platforms: what can hold those of one alone. */
export function refuseFiles({ outputs }: BuildRequest): void {
  const refused = outputs.find(({ type }) => type === 'local' || type === 'tar');
  if (refused === undefined) return;
  throw new EngineError(
    'invalid-argument',
    `Files of several platforms have no place in one ${refused.type}.`,
    {
      detail: { step: 'output', path: refused.type },
      hint: 'Build them one platform after the other, or write an archive of images: --output type=oci.',
    },
  );
}

/** Several are one image under the build's names. */
async function storeImages(parts: BuildsParts, built: Built, saying: Saying): Promise<StoredBuild> {
  const { images, request } = built;
  saying.emit({ type: 'output', message: 'writing the image' });
  const [first, ...others] = images;
  if (first !== undefined && others.length === 0) {
    return storeImage(parts, built, first, request.tags, saying);
  }
  const ids: string[] = [];
  for (const image of images) ids.push((await storeImage(parts, built, image, [], saying)).id);
  return parts.images.joinBuilt({ ids, references: request.tags }, saying.signal);
}

function storeImage(
  { images, host }: BuildsParts,
  built: Built,
  { stage, root }: BuiltRoot,
  references: readonly string[],
  { signal }: Saying,
): Promise<StoredBuild> {
  const { request } = built;
  const config = imageDocument(stage, root, {
    labels: request.labels,
    layerOf: built.layerOf,
    more: request.cacheTo.some(({ type }) => type === 'inline') ? inlineCacheOf(built.steps, root) : {},
    epoch: sourceDateEpoch(new Map(Object.entries(request.buildArgs))),
  });
  const archiveOf = (chainId: string): AsyncIterable<Uint8Array> => host.readLayer(chainId, { signal });
  return images.storeBuilt({ config, layers: root, archiveOf, references }, signal);
}

/** The steps whose layers the image has. */
function inlineCacheOf(steps: readonly CachedStep[], root: Root): Readonly<Record<string, unknown>> {
  const chainIds = new Set(root.map(({ chainId }) => chainId));
  return inlineCache(steps.filter(({ layer }) => chainIds.has(layer.chainId)));
}

async function writeOutput(
  parts: BuildsParts,
  output: Output,
  imageId: string | null,
  root: Root,
  { emit, signal }: Saying,
): Promise<void> {
  if (output.type === 'image') return;
  emit({ type: 'output', message: `writing ${output.path ?? output.type}` });
  if (output.type === 'local') {
    return unpackLocally(rootArchive(parts, root, signal), output.path, 0o777, signal);
  }
  const bytes =
    output.type === 'tar'
      ? rootArchive(parts, root, signal)
      : parts.images.save({ images: [imageId ?? ''] }, { signal });
  if (output.path !== undefined) {
    return pipeline(bytes, createWriteStream(output.path, { mode: 0o644 }), { signal });
  }
  for await (const data of bytes) emit({ type: 'output-data', data });
}

/** All files of the root. */
function rootArchive({ files }: BuildsParts, root: Root, signal: AbortSignal): AsyncIterable<Uint8Array> {
  if (root.length === 0) {
    throw new EngineError('failed-precondition', 'The build has no files to write.', {
      detail: { step: 'output' },
    });
  }
  const chainIds = root.map(({ chainId }) => chainId);
  const id = randomBytes(32).toString('hex');
  return files.export({ id, rootfs: { chainIds, readOnly: true } }, { signal });
}

async function push({ images }: BuildsParts, reference: string, { emit, signal }: Saying): Promise<void> {
  emit({ type: 'output', message: `pushing ${reference}` });
  const request = { reference, insecure: false, background: false };
  for await (const progress of images.push(request, { signal })) {
    if (progress.stage === 'done') emit({ type: 'output', message: `pushed ${progress.manifestDigest}` });
  }
}
