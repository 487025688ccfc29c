import { z } from 'zod';
import { EngineError } from '../errors/index.ts';
import type { AuthorizedCalls } from './authorized-calls.ts';
import { readBounded } from './body.ts';
import { onwardUrl } from './endpoint.ts';
import type { Subject } from './failures/refusal.ts';

export const MAX_PAGE_BYTES = 4 * 1024 * 1024;
/** A registry that pages for ever is not followed for ever. */
export const MAX_PAGES = 1000;

/** Names of repositories are shorter than this, and tags much. */
const names = z.array(z.string().max(1024)).nullish();
const pageSchema = z.object({ tags: names, repositories: names });

export interface ListingOptions {
  readonly calls: AuthorizedCalls;
  /** The first page. */
  readonly url: URL;
  readonly subject: Subject;
}

/** `tags` of a repository or `repositories` of a registry, page by page (distribution-spec, "Listing tags"). */
export async function* readListing(
  { calls, url, subject }: ListingOptions,
  kind: 'tags' | 'repositories',
  signal: AbortSignal,
): AsyncGenerator<string> {
  let next: URL | null = url;
  for (let page = 0; next !== null && page < MAX_PAGES; page++) {
    const answer = await calls.get(next, { accept: 'application/json' }, signal);
    if (answer.status !== 200) throw await calls.failure(answer, subject);
    yield* parsePage(await readBounded(answer, MAX_PAGE_BYTES, `list of ${kind}`), kind, subject);
    next = nextPage(next, answer.header('link'));
  }
}

/** The first ones that `wanted` says yes to. */
export async function firstOf<T>(
  listing: AsyncIterable<T>,
  limit: number,
  wanted: (item: T) => boolean = () => true,
): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of listing) {
    if (found.length === limit) break;
    if (wanted(item)) found.push(item);
  }
  return found;
}

function parsePage(bytes: Uint8Array, kind: 'tags' | 'repositories', subject: Subject): readonly string[] {
  try {
    return pageSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))[kind] ?? [];
  } catch (thrown) {
    throw new EngineError(
      'unavailable',
      `${subject.host} answers with something that is no list of ${kind}.`,
      {
        detail: { step: kind, path: subject.repository },
        cause: thrown,
      },
    );
  }
}

/** RFC 8288; a page of another host is none of this list's. */
export function nextPage(current: URL, link: string | null): URL | null {
  const target = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (target === undefined) return null;
  const next = onwardUrl(current, target);
  return next.origin === current.origin ? next : null;
}
