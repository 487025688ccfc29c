import { z } from 'zod';
import { EngineError } from '../errors/index.ts';
import type { AuthorizedCalls } from './authorized-calls.ts';
import { readBounded } from './body.ts';
import { onwardUrl } from './endpoint.ts';
import type { Subject } from './failure.ts';

const MAX_PAGE_BYTES = 4 * 1024 * 1024;
/** A registry that pages for ever is not followed for ever. */
const MAX_PAGES = 1000;

const tagsSchema = z.object({ tags: z.array(z.string().max(128)).nullable() });

/** Page by page (distribution-spec, "Listing tags"). */
export async function readTags(
  calls: AuthorizedCalls,
  first: URL,
  subject: Subject,
  limit: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const tags: string[] = [];
  let url: URL | null = first;
  for (let page = 0; url !== null && tags.length < limit && page < MAX_PAGES; page++) {
    const answer = await calls.get(url, { accept: 'application/json' }, signal);
    if (answer.status !== 200) throw await calls.failure(answer, subject);
    tags.push(...parsePage(await readBounded(answer, MAX_PAGE_BYTES, 'list of tags'), subject));
    url = nextPage(url, answer.header('link'));
  }
  return tags.slice(0, limit);
}

function parsePage(bytes: Uint8Array, subject: Subject): readonly string[] {
  try {
    return tagsSchema.parse(JSON.parse(new TextDecoder().decode(bytes))).tags ?? [];
  } catch (thrown) {
    throw new EngineError('unavailable', `${subject.host} answers with something that is no list of tags.`, {
      detail: { step: 'tags', path: subject.repository },
      cause: thrown,
    });
  }
}

/** RFC 8288; a page of another host is none of this list's. */
function nextPage(current: URL, link: string | null): URL | null {
  const target = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (target === undefined) return null;
  const next = onwardUrl(current, target);
  return next.origin === current.origin ? next : null;
}
