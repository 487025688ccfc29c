import { z } from 'zod';
import { type Descriptor, digestSchema, MEDIA_TYPES } from '../oci/index.ts';
import type { Platform } from '../types/index.ts';

/** An image as index.json lists it: once per name, or once without any. */
export interface IndexedImage {
  readonly manifest: Descriptor;
  readonly platform: Platform;
  /** Full form; null for an untagged image. */
  readonly reference: string | null;
}

/** image-spec, "Image Layout": the name goes where tools like skopeo look for it. */
const NAME = 'org.opencontainers.image.ref.name';

const outlineSchema = z.object({ manifests: z.array(z.unknown()) });

const entrySchema = z.object({
  mediaType: z.string(),
  digest: digestSchema,
  size: z.number().int().nonnegative(),
  platform: z.object({ os: z.string(), architecture: z.string(), variant: z.string().exactOptional() }),
  annotations: z.object({ [NAME]: z.string() }).exactOptional(),
});

export function formatIndex(images: readonly IndexedImage[]): string {
  const manifests = images.map(({ manifest: { mediaType, digest, size }, platform, reference }) => ({
    mediaType,
    digest,
    size,
    platform,
    ...(reference !== null && { annotations: { [NAME]: reference } }),
  }));
  return `${JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests })}\n`;
}

/** Only what `formatIndex` wrote; entries of another form, and an index that is none, are passed over. */
export function parseIndex(text: string): readonly IndexedImage[] {
  const outline = outlineSchema.safeParse(parseJson(text));
  if (!outline.success) return [];
  return outline.data.manifests.flatMap((entry) => {
    const parsed = entrySchema.safeParse(entry);
    if (!parsed.success) return [];
    const { mediaType, digest, size, platform, annotations } = parsed.data;
    return [{ manifest: { mediaType, digest, size }, platform, reference: annotations?.[NAME] ?? null }];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
