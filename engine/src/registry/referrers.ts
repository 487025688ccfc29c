import { z } from 'zod';
import { EngineError } from '../errors/index.ts';
import { type Digest, digestHex, digestSchema, MEDIA_TYPES } from '../oci/index.ts';
import type { AuthorizedCalls } from './authorized-calls.ts';
import { readBounded } from './body.ts';
import type { Subject } from './failures/refusal.ts';
import { MAX_PAGE_BYTES, MAX_PAGES, nextPage } from './listing.ts';
import type { Answer } from './transport.ts';

/** A manifest that says to belong to another one. */
export interface RemoteReferrer {
  readonly digest: Digest;
  readonly mediaType: string;
  /** Empty where nothing says what it is. */
  readonly artifactType: string;
  readonly sizeBytes: number;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ReferrersOptions {
  readonly calls: AuthorizedCalls;
  /** Of the repository: `.../v2/<path>/` */
  readonly base: URL;
  readonly subject: Subject;
  readonly digest: Digest;
  /** Only these; null: all. */
  readonly artifactType: string | null;
}

const entrySchema = z.object({
  digest: digestSchema,
  mediaType: z.string().max(255),
  artifactType: z.string().max(255).nullish(),
  size: z.number().int().nonnegative(),
  annotations: z.record(z.string(), z.string()).nullish(),
});
const indexSchema = z.object({ manifests: z.array(entrySchema).max(10_000) });

/**
 * By the referrers API, page by page, and where a registry does not know it, by the tag that clients keep in its stead
 * (distribution-spec, "Listing referrers" and "Referrers tag schema").
 */
export async function* readReferrers(
  options: ReferrersOptions,
  signal: AbortSignal,
): AsyncGenerator<RemoteReferrer> {
  const { base, digest, artifactType } = options;
  let next: URL | null = new URL(`referrers/${digest}`, base);
  if (artifactType !== null) next.searchParams.set('artifactType', artifactType);
  for (let page = 0; next !== null && page < MAX_PAGES; page++) {
    const answer = await ask(options, next, signal);
    if (answer === null) {
      yield* ofTag(options, signal);
      return;
    }
    yield* parseIndex(await readBounded(answer, MAX_PAGE_BYTES, 'list of referrers'), options);
    next = nextPage(next, answer.header('link'));
  }
}

async function* ofTag(options: ReferrersOptions, signal: AbortSignal): AsyncGenerator<RemoteReferrer> {
  const { base, digest } = options;
  const answer = await ask(options, new URL(`manifests/sha256-${digestHex(digest)}`, base), signal);
  if (answer === null) return;
  yield* parseIndex(await readBounded(answer, MAX_PAGE_BYTES, 'list of referrers'), options);
}

/** Null: there is nothing. */
async function ask(
  { calls, subject }: ReferrersOptions,
  url: URL,
  signal: AbortSignal,
): Promise<Answer | null> {
  const answer = await calls.get(url, { accept: MEDIA_TYPES.ociIndex }, signal);
  if (answer.status === 200) return answer;
  if (answer.status !== 404) throw await calls.failure(answer, { ...subject, kind: 'referrers' });
  await answer.discard();
  return null;
}

/** Filtered here as well: a registry need not do it. */
function parseIndex(
  bytes: Uint8Array,
  { subject, artifactType }: ReferrersOptions,
): readonly RemoteReferrer[] {
  let index: z.infer<typeof indexSchema>;
  try {
    index = indexSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (thrown) {
    throw new EngineError(
      'unavailable',
      `${subject.host} answers with something that is no list of referrers.`,
      {
        detail: { step: 'referrers', path: subject.target },
        cause: thrown,
      },
    );
  }
  return index.manifests
    .map(({ digest, mediaType, artifactType: type, size, annotations }) => {
      return { digest, mediaType, artifactType: type ?? '', sizeBytes: size, annotations: annotations ?? {} };
    })
    .filter((referrer) => artifactType === null || referrer.artifactType === artifactType);
}
