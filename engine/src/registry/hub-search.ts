import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { EngineError } from '../errors/index.ts';
import { readBounded, readRefusal } from './body.ts';
import { refusalFailure, type Subject } from './failures/refusal.ts';
import type { Transport } from './transport.ts';

/** An image that a search found. */
export interface FoundRepository {
  /** As it is pulled: `debian`, `localhost:5000/team/app`. */
  readonly name: string;
  /** Empty where the registry knows none. */
  readonly description: string;
  readonly stars: number;
  readonly official: boolean;
}

export interface HubSearchOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Of the index that docker searches: `https://index.docker.io/`. */
  readonly index: URL;
}

const MAX_ANSWER_BYTES = 1024 * 1024;

const answerSchema = z.object({
  results: z.array(
    z.object({
      name: z.string().max(1024),
      description: z.string().nullish(),
      star_count: z.number().nullish(),
      is_official: z.boolean().nullish(),
    }),
  ),
});

/** Asks Docker Hub as `docker search` does. */
export async function searchHub(
  { transport, clock, index }: HubSearchOptions,
  term: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly FoundRepository[]> {
  const url = new URL('v1/search', index);
  url.searchParams.set('q', term);
  url.searchParams.set('n', String(limit));
  const subject: Subject = { host: index.host, repository: term, target: term, kind: 'manifest' };
  const headers = { accept: 'application/json' };
  const answer = await transport.get(url, { headers, authorization: null, signal });
  if (answer.status !== 200) throw refusalFailure(await readRefusal(answer, false, clock.now()), subject);
  const { results } = parseAnswer(await readBounded(answer, MAX_ANSWER_BYTES, 'search result'), index);
  return results.slice(0, limit).map(({ name, description, star_count, is_official }) => ({
    name,
    description: description ?? '',
    stars: star_count ?? 0,
    official: is_official ?? false,
  }));
}

function parseAnswer(bytes: Uint8Array, index: URL): z.infer<typeof answerSchema> {
  try {
    return answerSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (thrown) {
    throw new EngineError('unavailable', `${index.host} answers with something that is no search result.`, {
      detail: { step: 'search', path: index.host },
      cause: thrown,
    });
  }
}
