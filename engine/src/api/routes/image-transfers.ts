import { z } from 'zod';
import { EngineError, isEngineError, toEngineError } from '../../errors/index.ts';
import { familiarName, parseReference } from '../../oci/index.ts';
import type { ApiCall } from '../server/api-call.ts';
import { DockerError } from '../server/failure.ts';
import { json, type Reply } from '../server/reply.ts';
import { type ProgressLine, progressReply } from '../streams/json-lines.ts';
import { upload } from '../streams/upload.ts';
import { commitChanges } from '../wire/commit-changes.ts';
import { configFields } from '../wire/container-settings.ts';
import { platformOf } from '../wire/platform.ts';
import { PullLines } from '../wire/pull-lines.ts';
import { PushLines } from '../wire/push-lines.ts';
import { registryCredentials } from '../wire/registry-auth.ts';
import { findImage, named, withTag } from './image-list.ts';

/** `POST /images/create`: a pull, or an import. */
export function createImage(call: ApiCall): Reply {
  const from = call.query.text('fromImage');
  if (from !== undefined) return progressReply(pull(call, from));
  const source = call.query.text('fromSrc');
  if (source === '-') return progressReply(importImage(call));
  throw new DockerError(
    source === undefined ? 400 : 501,
    'images are imported from the body of the request: fromSrc=-',
  );
}

async function* pull(call: ApiCall, from: string): AsyncIterable<ProgressLine> {
  const { engine, query, headers, signal } = call;
  const credentials = registryCredentials(headers['x-registry-auth']);
  const platform = platformOf(query.text('platform'));
  for (const reference of await referencesToPull(call, from)) {
    const lines = new PullLines();
    const request = { reference, ...(platform && { platform }), ...(credentials && { credentials }) };
    try {
      for await (const progress of engine.images.pull(request, { signal })) yield* lines.next(progress);
    } catch (thrown) {
      throw pullFailure(thrown, reference);
    }
  }
}

/** A name without a tag, and no tag beside it: all tags of the repository. */
async function referencesToPull(
  { engine, query, signal }: ApiCall,
  from: string,
): Promise<readonly string[]> {
  const reference = withTag(from, query.text('tag'));
  const { tag, digest } = parseReference(reference);
  if (tag !== null || digest !== null) return [reference];
  const tags = await engine.registries.tags({ repository: from }, { signal });
  return tags.map((each) => `${from}:${each}`);
}

function pullFailure(thrown: unknown, text: string): unknown {
  const error = toEngineError(thrown);
  const reference = parseReference(text);
  const name = familiarName(reference);
  if (error.code === 'not-found') {
    const manifest = `manifest for ${text} not found: manifest unknown: ${error.message}`;
    return new DockerError(404, manifest, { cause: thrown });
  }
  if (error.code === 'unauthenticated' || error.code === 'permission-denied') {
    return new DockerError(
      404,
      `pull access denied for ${name}, repository does not exist or may require 'docker login': denied: ${error.message}`,
      { cause: thrown },
    );
  }
  return thrown;
}

async function* importImage({ engine, query, body, signal }: ApiCall): AsyncIterable<ProgressLine> {
  const repository = query.text('repo');
  const platform = platformOf(query.text('platform'));
  const request = {
    ...(repository !== undefined && { reference: withTag(repository, query.text('tag')) }),
    message: query.text('message') ?? 'Imported from -',
    changes: [...query.texts('changes')],
    ...(platform && { platform }),
  };
  for await (const progress of upload(engine.images.import(request, { signal }), body)) {
    if (progress.stage === 'done') yield { status: progress.image.id };
  }
}

/** `POST /images/{name}/push`: one tag, or all of the repository's. */
export async function pushImage(call: ApiCall): Promise<Reply> {
  const { engine, name, headers, signal } = call;
  const credentials = registryCredentials(headers['x-registry-auth']);
  const platform = platformOf(call.query.text('platform'));
  const references = await referencesToPush(call);
  async function* lines(): AsyncIterable<ProgressLine> {
    for (const reference of references) {
      const words = new PushLines();
      const request = { reference, ...(platform && { platform }), ...(credentials && { credentials }) };
      try {
        for await (const progress of engine.images.push(request, { signal })) yield* words.next(progress);
      } catch (thrown) {
        if (!isEngineError(thrown, 'not-found') || thrown.detail.step === 'platform') throw thrown;
        throw missingTag(name);
      }
    }
  }
  return progressReply(lines());
}

async function referencesToPush({ engine, name, query }: ApiCall): Promise<readonly string[]> {
  const tag = query.text('tag');
  if (tag !== undefined) {
    const reference = withTag(name, tag);
    const images = await engine.images.list({ filters: { reference: [reference] } });
    if (images.length === 0) throw missingTag(name);
    return [reference];
  }
  if (parseReference(name).tag !== null) return [name];
  const images = await engine.images.list({ filters: { reference: [name] } });
  const repository = familiarName(parseReference(name));
  const references = images
    .flatMap((image) => image.references)
    .filter((reference) => familiarName(parseReference(reference)) === repository);
  if (references.length === 0) throw missingTag(name);
  return references;
}

function missingTag(name: string): DockerError {
  return new DockerError(404, `An image does not exist locally with the tag: ${name}`);
}

/** `GET /images/get?names=` and `GET /images/{name}/get`. */
export async function saveImages(call: ApiCall): Promise<Reply> {
  const { engine, query, signal, name } = call;
  const images = name === '' ? query.texts('names').flatMap((names) => names.split(',')) : [name];
  if (images.length === 0) throw new DockerError(400, 'no images were named');
  for (const image of images) await findImage({ ...call, name: image });
  const platform = platformOf(query.text('platform'));
  const body = engine.images.save({ images, ...(platform && { platform }) }, { signal });
  return { kind: 'stream', contentType: 'application/x-tar', body };
}

/** `POST /images/load`. */
export function loadImages({ engine, query, body, signal }: ApiCall): Reply {
  const platform = platformOf(query.text('platform'));
  async function* lines(): AsyncIterable<ProgressLine> {
    for await (const progress of upload(
      engine.images.load({ ...(platform && { platform }) }, { signal }),
      body,
    )) {
      if (progress.stage !== 'done') continue;
      for (const { image, references } of progress.images) {
        if (references.length === 0) yield { stream: `Loaded image ID: ${image.id}\n` };
        for (const reference of references) yield { stream: `Loaded image: ${reference}\n` };
      }
    }
  }
  return progressReply(lines());
}

/** `POST /commit`. */
export async function commitContainer(call: ApiCall): Promise<Reply> {
  const { engine, query } = call;
  const config = await call.json(z.object(configFields));
  const container = query.text('container');
  if (container === undefined) throw new DockerError(400, 'no container was named');
  const repository = query.text('repo');
  const { id } = await engine.containers.commit({
    container,
    ...(repository !== undefined && { reference: withTag(repository, query.text('tag')) }),
    message: query.text('comment') ?? '',
    author: query.text('author') ?? '',
    changes: [...commitChanges(config), ...query.texts('changes').flatMap((lines) => lines.split('\n'))],
    pause: query.flag('pause', true),
  });
  return json({ Id: id }, 201);
}

/** `GET /distribution/{name}/json`: what a registry has under a name, without pulling it. */
export async function inspectDistribution({ engine, name, signal }: ApiCall): Promise<Reply> {
  const manifest = await named(engine.registries.manifest({ reference: name }, { signal }));
  return json({
    Descriptor: { mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.sizeBytes },
    Platforms: manifest.platforms.map(({ platform }) => platform),
  });
}

/** `GET /images/search`. */
export async function searchImages({ engine, query, signal }: ApiCall): Promise<Reply> {
  const term = query.text('term');
  if (term === undefined) throw new EngineError('invalid-argument', 'term: what is searched for is missing');
  const filters = query.filters(['stars', 'is-official', 'is-automated']);
  const stars = Number(filters.single('stars') ?? 0);
  const official = filters.flag('is-official');
  const limit = query.integer('limit');
  const found = await engine.registries.search(
    { term, ...(limit !== undefined && limit > 0 && { limit }) },
    { signal },
  );
  return json(
    found
      .filter((image) => image.stars >= stars && (official === undefined || image.official === official))
      .map((image) => ({
        star_count: image.stars,
        is_official: image.official,
        name: image.name,
        is_automated: false,
        description: image.description,
      })),
  );
}
