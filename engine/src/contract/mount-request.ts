import { z } from 'zod';
import { bytes } from './values.ts';

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

export const mountRequest = z.discriminatedUnion('type', [bind, tmpfs]);
