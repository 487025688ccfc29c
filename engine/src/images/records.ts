import { z } from 'zod';
import { digestSchema } from '../oci/index.ts';
import type { Platform } from '../types/index.ts';

const platformSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
});

/** The records of images on disk: `<data>/engine/state/images/<hex of the id>.json`. */
const layerRecordSchema = z.object({
  /** Of the compressed blob, as are `size` and `mediaType`. */
  digest: digestSchema,
  size: z.number().int().nonnegative(),
  mediaType: z.string(),
  diffId: digestSchema,
  chainId: digestSchema,
  /** Bytes of disk, unpacked. */
  usageBytes: z.number().int().nonnegative(),
});

const descriptorRecordSchema = z.object({
  mediaType: z.string(),
  digest: digestSchema,
  size: z.number().int().nonnegative(),
});

/** What the index says of how the image was made: a manifest, and the blobs it is of. All of it is here. */
const attestationRecordSchema = z.object({
  manifest: descriptorRecordSchema,
  blobs: z.array(descriptorRecordSchema),
});

/** What an image for several platforms is made of, those that are not here as well. */
const indexRecordSchema = descriptorRecordSchema.extend({
  /** Of images alone, in the order of the index. */
  manifests: z.array(z.object({ digest: digestSchema, platform: platformSchema })),
});

export const imageRecordSchema = z.object({
  /** Digest of the image config. */
  id: digestSchema,
  manifest: descriptorRecordSchema,
  platform: platformSchema,
  /** That it was pulled from, if there was one: images of the same index are one image for several platforms. */
  index: indexRecordSchema.optional(),
  attestations: z.array(attestationRecordSchema).optional(),
  /** `docker.io/library/debian@sha256:...`: what it was pulled as. */
  repoDigests: z.array(z.string()),
  layers: z.array(layerRecordSchema),
  /** From the config, so that a list needs no further file. */
  createdAt: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  /** Its last name was taken by force while a container needed it: it goes with the last of its containers. */
  removeWhenUnused: z.boolean().default(false),
});

/** `<data>/engine/state/references/<sha256 of the reference>.json`: moving a tag is replacing one file. */
export const referenceRecordSchema = z.object({
  /** Full form with tag: `docker.io/library/debian:bookworm`. */
  reference: z.string(),
  imageId: digestSchema,
});

/** `<data>/engine/state/leases/<hex of the manifest's digest>.json` */
export const leaseRecordSchema = z.object({
  digests: z.array(digestSchema),
  chainIds: z.array(digestSchema),
  /** ISO 8601. */
  expiresAt: z.string(),
});

export type LayerRecord = z.infer<typeof layerRecordSchema>;
export type ImageRecord = z.infer<typeof imageRecordSchema>;
export type AttestationRecord = z.infer<typeof attestationRecordSchema>;
export type IndexRecord = z.infer<typeof indexRecordSchema>;
export type ReferenceRecord = z.infer<typeof referenceRecordSchema>;
export type LeaseRecord = z.infer<typeof leaseRecordSchema>;

export function platformOf({
  platform: { os, architecture, variant },
}: Pick<ImageRecord, 'platform'>): Platform {
  return { os, architecture, ...(variant !== undefined && { variant }) };
}
