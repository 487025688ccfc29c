import { z } from 'zod';
import { jsonOrUndefined } from '../json.ts';
import { type Descriptor, type Digest, digestSchema, MEDIA_TYPES } from '../oci/index.ts';
import type { Platform } from '../types/index.ts';

/** An image as index.json lists it: once per name, or once without any. */
export interface IndexedImage {
  readonly manifest: Descriptor;
  readonly platform: Platform;
  /** Full form; null for an untagged image. */
  readonly reference: string | null;
  /** Of the index that the image came in, if it came in one. */
  readonly source: Digest | null;
}

/** image-spec, "Image Layout": the name goes where tools like skopeo look for it. */
const NAME = 'org.opencontainers.image.ref.name';
/** Our own word: nothing else in the layout says to which index an image belongs. */
const SOURCE = 'longshore.source-index';

const outlineSchema = z.object({ manifests: z.array(z.unknown()) });

const entrySchema = z.object({
  mediaType: z.string(),
  digest: digestSchema,
  size: z.number().int().nonnegative(),
  platform: z.object({ os: z.string(), architecture: z.string(), variant: z.string().exactOptional() }),
  annotations: z
    .object({ [NAME]: z.string().exactOptional(), [SOURCE]: digestSchema.exactOptional() })
    .exactOptional(),
});

export function formatIndex(images: readonly IndexedImage[]): string {
  const manifests = images.map(({ manifest: { mediaType, digest, size }, platform, reference, source }) => {
    const annotations = {
      ...(reference !== null && { [NAME]: reference }),
      ...(source !== null && { [SOURCE]: source }),
    };
    const isAnnotated = Object.keys(annotations).length > 0;
    return { mediaType, digest, size, platform, ...(isAnnotated && { annotations }) };
  });
  return `${JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests })}\n`;
}

/** Only what `formatIndex` wrote; entries of another form, and an index that is none, are passed over. */
export function parseIndex(text: string): readonly IndexedImage[] {
  const outline = outlineSchema.safeParse(jsonOrUndefined(text));
  if (!outline.success) return [];
  return outline.data.manifests.flatMap((entry) => {
    const parsed = entrySchema.safeParse(entry);
    if (!parsed.success) return [];
    const { mediaType, digest, size, platform, annotations } = parsed.data;
    const told = { reference: annotations?.[NAME] ?? null, source: annotations?.[SOURCE] ?? null };
    return [{ manifest: { mediaType, digest, size }, platform, ...told }];
  });
}
