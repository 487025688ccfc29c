import { isEngineError, toEngineError } from '../../errors/index.ts';
import type { ImageDetails } from '../../types/index.ts';
import type { ApiCall } from '../server/api-call.ts';
import { DockerError } from '../server/failure.ts';
import { parseMoment } from '../server/query.ts';
import { json, noContent, type Reply } from '../server/reply.ts';
import { noSuchImage } from '../wire/container-failures.ts';
import { historyJson, imageJson, imageSummaryJson, removedJson } from '../wire/image.ts';
import { platformOf } from '../wire/platform.ts';
import { PRUNE_FILTERS, pruneFilters } from '../wire/prune-filters.ts';

const LIST_FILTERS = ['before', 'dangling', 'label', 'reference', 'since', 'until'] as const;

export async function listImages({ engine, query, version }: ApiCall): Promise<Reply> {
  const filters = query.filters(LIST_FILTERS);
  // Before there were filters by reference, a parameter of its own.
  const reference = filters.get('reference') ?? query.texts('filter');
  const until = filters.single('until');
  const images = await engine.images.list({
    filters: {
      dangling: filters.flag('dangling'),
      label: filters.get('label'),
      before: filters.single('before'),
      since: filters.single('since'),
      ...(until !== undefined && { until: parseMoment(until, 'until') }),
      ...(reference.length > 0 && { reference: [...reference] }),
    },
  });
  const sharedSize = query.flag('shared-size');
  const newestFirst = images.toSorted((a, b) => ((a.createdAt ?? '') < (b.createdAt ?? '') ? 1 : -1));
  return json(newestFirst.map((image) => imageSummaryJson(image, version, sharedSize)));
}

export async function inspectImage(call: ApiCall): Promise<Reply> {
  return json(imageJson(await findImage(call), call.version));
}

export async function imageHistory({ engine, name, query }: ApiCall): Promise<Reply> {
  const platform = platformOf(query.text('platform'));
  const history = engine.images.history({ image: name, ...(platform && { platform }) });
  return json(historyJson(await named(history)));
}

export async function tagImage({ engine, name, query }: ApiCall): Promise<Reply> {
  const repository = query.text('repo');
  if (repository === undefined) throw new DockerError(400, 'refusing to create an image without a name');
  const tag = query.text('tag');
  await named(engine.images.tag({ image: name, reference: withTag(repository, tag) }));
  return noContent(201);
}

export async function removeImage({ engine, name, query }: ApiCall): Promise<Reply> {
  const platforms = query.texts('platforms').flatMap((text) => platformOf(text) ?? []);
  const request = { image: name, force: query.flag('force'), ...(platforms.length > 0 && { platforms }) };
  return json(removedJson(await named(engine.images.remove(request))));
}

/** Only images without a name, unless the filter says otherwise. */
export async function pruneImages({ engine, query }: ApiCall): Promise<Reply> {
  const filters = query.filters([...PRUNE_FILTERS, 'dangling']);
  const all = filters.flag('dangling') === false;
  const removed = await engine.images.prune({ all, ...pruneFilters(filters) });
  const deleted = removedJson(removed);
  return json({ ImagesDeleted: deleted.length === 0 ? null : deleted, SpaceReclaimed: removed.freedBytes });
}

export function findImage({ engine, name, query }: ApiCall): Promise<ImageDetails> {
  const platform = platformOf(query.text('platform'));
  return named(engine.images.inspect({ image: name, ...(platform && { platform }) }));
}

/** An image that is not there, in Docker's words. */
export async function named<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (thrown) {
    if (!isEngineError(thrown, 'not-found') || thrown.detail.step === 'platform') throw thrown;
    throw noSuchImage(toEngineError(thrown));
  }
}

/** A digest in the place of a tag names content. */
export function withTag(repository: string, tag: string | undefined): string {
  if (tag === undefined) return repository;
  return tag.includes(':') ? `${repository}@${tag}` : `${repository}:${tag}`;
}
