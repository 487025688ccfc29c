import { z } from 'zod';
import { EngineError } from '../errors/index.ts';
import type { Platform } from '../types/index.ts';
import { type Descriptor, descriptorSchema, nullish, platformSchema } from './descriptor.ts';
import { checkShape, damaged, MAX_MANIFEST_BYTES, parseJson } from './document.ts';
import { bareMediaType, isIndexType, isManifestType, isSchema1Type, MEDIA_TYPES } from './media-type.ts';

/** An image for one platform: its config and its layers, lowest first. */
export interface Manifest {
  readonly kind: 'manifest';
  readonly mediaType: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** Several manifests, usually of one image for several platforms. */
export interface ImageIndex {
  readonly kind: 'index';
  readonly mediaType: string;
  readonly manifests: readonly IndexEntry[];
}

export interface IndexEntry extends Descriptor {
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** More lower directories than this the kernel's overlay does not take (OVL_MAX_STACK). */
const MAX_LAYERS = 500;
const MAX_INDEX_ENTRIES = 10_000;

const manifestSchema = z.object({
  schemaVersion: z.literal(2),
  mediaType: nullish(z.string()),
  config: descriptorSchema,
  layers: z.array(descriptorSchema).max(MAX_LAYERS),
});

const indexSchema = z.object({
  schemaVersion: z.literal(2),
  mediaType: nullish(z.string()),
  manifests: z
    .array(
      descriptorSchema.extend({
        platform: nullish(platformSchema),
        annotations: nullish(z.record(z.string(), z.string())),
      }),
    )
    .max(MAX_INDEX_ENTRIES),
});

/** What decides which of the two a document is, and the traces of the other. */
const outlineSchema = z.looseObject({
  schemaVersion: z.number().optional(),
  mediaType: nullish(z.string().max(255)),
});

/**
 * Parses what a registry served as a manifest. `contentType` is its Content-Type header; null when it had none.
 *
 * A document that could be read as both kinds, or that says to be another kind than its header does, is refused:
 * two tools would see two different images (CVE-2021-41190).
 */
export function parseManifest(bytes: Uint8Array, contentType: string | null): Manifest | ImageIndex {
  const document = parseJson(bytes, 'image manifest', MAX_MANIFEST_BYTES);
  const outline = checkShape(document, outlineSchema, 'image manifest');
  const mediaType = mediaTypeOf(outline, contentType === null ? '' : bareMediaType(contentType));
  refuseSchema1(outline, mediaType);
  const hasManifests = 'manifests' in outline;
  const hasImage = 'layers' in outline || 'config' in outline;
  if (hasManifests && hasImage) throw damaged('image manifest', 'it is both a manifest and an index');
  if (isIndexType(mediaType)) return toIndex(outline, mediaType);
  if (isManifestType(mediaType)) return toManifest(outline, mediaType);
  if (mediaType !== '') throw damaged('image manifest', `"${mediaType}" is not the media type of an image`);
  return hasManifests ? toIndex(outline, MEDIA_TYPES.ociIndex) : toManifest(outline, MEDIA_TYPES.ociManifest);
}

/** Header and document must agree. A header that says nothing, or only "JSON", leaves it to the document. */
function mediaTypeOf(outline: z.infer<typeof outlineSchema>, header: string): string {
  const said = outline.mediaType ?? '';
  const headerSaysNothing = ['', 'application/json', 'application/octet-stream', 'text/plain'].includes(
    header,
  );
  if (headerSaysNothing) return said;
  if (said !== '' && said !== header) {
    throw damaged('image manifest', `it was served as "${header}" but says to be "${said}"`);
  }
  return header;
}

function refuseSchema1(outline: z.infer<typeof outlineSchema>, mediaType: string): void {
  const isSchema1 = isSchema1Type(mediaType) || outline.schemaVersion === 1 || 'fsLayers' in outline;
  if (!isSchema1) return;
  throw new EngineError('not-implemented', 'The image is in the format of Docker before 1.10 (schema 1).', {
    detail: { step: 'manifest' },
    hint: 'Push it again with a current tool; registries convert it then.',
  });
}

function toManifest(document: unknown, mediaType: string): Manifest {
  const { config, layers } = checkShape(document, manifestSchema, 'image manifest');
  return { kind: 'manifest', mediaType, config, layers };
}

function toIndex(document: unknown, mediaType: string): ImageIndex {
  const { manifests } = checkShape(document, indexSchema, 'image index');
  return { kind: 'index', mediaType, manifests: manifests.map(toEntry) };
}

function toEntry(entry: z.infer<typeof indexSchema>['manifests'][number]): IndexEntry {
  const { mediaType, digest, size, platform, annotations } = entry;
  const told = {
    mediaType,
    digest,
    size,
    ...(annotations !== null && annotations !== undefined && { annotations }),
  };
  if (platform === null || platform === undefined) return told;
  const { os, architecture, variant } = platform;
  return { ...told, platform: { os, architecture, ...(variant !== '' && { variant }) } };
}
