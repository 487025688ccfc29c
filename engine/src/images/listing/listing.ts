import type { ImageFilters } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import { hasLabel } from '../../labels.ts';
import { familiarName, parseReference } from '../../oci/index.ts';
import type { ImageSummary } from '../../types/index.ts';
import { matchesGlob } from './glob.ts';

/** With the moments that its filters by image stand for: when those images were built. */
export interface ListQuery extends Omit<ImageFilters, 'before' | 'since'> {
  readonly beforeTime?: number;
  readonly sinceTime?: number;
}

/** Those that all filters name. With patterns of names, each with only the names that fit. */
export function filterImages(images: readonly ImageSummary[], query: ListQuery): readonly ImageSummary[] {
  const { reference } = query;
  const matching = images.filter((image) => matches(image, query));
  if (reference === undefined || reference.length === 0) return matching;
  return matching
    .map((image) => ({
      ...image,
      references: image.references.filter((name) => isNamed(name, reference)),
      repoDigests: image.repoDigests.filter((name) => isNamed(name, reference)),
    }))
    .filter(({ references, repoDigests }) => references.length + repoDigests.length > 0);
}

function matches(image: ImageSummary, query: ListQuery): boolean {
  const { dangling, label = [], until, beforeTime, sinceTime } = query;
  const builtAt = timeOf(image);
  return (
    (dangling === undefined || isDangling(image, dangling)) &&
    label.every((wanted) => hasLabel(image.labels, wanted)) &&
    (until === undefined || builtAt < Date.parse(until)) &&
    (beforeTime === undefined || builtAt < beforeTime) &&
    (sinceTime === undefined || builtAt > sinceTime)
  );
}

/** An image without a tag dangles; one that still has its digest is listed among the others as well, as docker does. */
function isDangling({ references, repoDigests }: ImageSummary, wanted: boolean): boolean {
  return wanted ? references.length === 0 : references.length + repoDigests.length > 0;
}

/** What its maker did not date is older than everything. */
export function timeOf({ createdAt }: Pick<ImageSummary, 'createdAt'>): number {
  return createdAt === null ? 0 : Date.parse(createdAt);
}

/** Against the name as a person writes it, with its tag or digest and without. */
function isNamed(name: string, patterns: readonly string[]): boolean {
  const repository = familiarName(parseReference(name));
  return patterns.some((pattern) => matchesOrFails(pattern, name) || matchesOrFails(pattern, repository));
}

function matchesOrFails(pattern: string, name: string): boolean {
  const matched = matchesGlob(pattern, name);
  if (matched !== null) return matched;
  throw new EngineError('invalid-argument', `"${pattern.slice(0, 200)}" is no pattern for image names.`, {
    detail: { step: 'filter', path: pattern.slice(0, 200) },
    hint: 'Patterns have "*", "?" and classes such as "[0-9]": "registry.example.com/*/app:v[0-9]*".',
  });
}
