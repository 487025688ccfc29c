import { z } from 'zod';
import { bytes, text } from './values.ts';
import { volumeName, volumeSettings } from './volume-request.ts';

export const absolutePath = z.string().max(4096).startsWith('/', { message: 'must be an absolute path' });

const bind = z.strictObject({
  type: z.literal('bind'),
  source: absolutePath,
  target: absolutePath,
  readOnly: z.boolean().default(false),
  createSource: z.boolean().default(false),
  propagation: z.enum(['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave']).default('rprivate'),
  recursive: z.boolean().default(true),
});

const tmpfs = z.strictObject({
  type: z.literal('tmpfs'),
  target: absolutePath,
  sizeBytes: bytes.nullable().default(null),
  mode: z.number().int().min(0).max(0o7777).nullable().default(null),
  options: z
    .array(
      z.string().regex(/^[a-z_]+(=[\w%-]+)?$/, { message: 'must be an option such as noexec or uid=1000' }),
    )
    .max(32)
    .default([]),
});

const volume = z.strictObject({
  type: z.literal('volume'),
  /** Made if there is none of this name; left out: an anonymous one is made. */
  source: volumeName.optional(),
  target: absolutePath,
  readOnly: z.boolean().default(false),
  /** Leave an empty volume empty. */
  noCopy: z.boolean().default(false),
  /** A folder in the volume. */
  subpath: z
    .string()
    .max(4096)
    .refine((path) => !path.startsWith('/') && !path.split('/').includes('..'), {
      message: 'must be a relative path without ".."',
    })
    .default(''),
  /** Of a volume that is made. */
  ...volumeSettings,
});

export const mountRequest = z.discriminatedUnion('type', [bind, tmpfs, volume]);

/** The binds and volumes of another container, at the same places; mounts of the container's own replace them. */
export const volumesFromRequest = z.strictObject({
  /** A name, an id, or an unambiguous beginning of an id. */
  container: text,
  /** Left out: as the other container has each. */
  readOnly: z.boolean().optional(),
});
