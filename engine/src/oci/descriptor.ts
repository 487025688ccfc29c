import { z } from 'zod';
import { type Digest, digestSchema } from './digest.ts';

/** How documents point at content: what it is, which bytes it has, and how many. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}

/** A null where an object or list may be left out: older tools wrote those. */
export function nullish<T extends z.ZodType>(schema: T): z.ZodOptional<z.ZodNullable<T>> {
  return schema.nullable().optional();
}

/** `urls` and `data` of a descriptor are ignored: content comes from the registry that was asked, or not at all. */
export const descriptorSchema = z.object({
  mediaType: z.string().min(1).max(255),
  digest: digestSchema,
  size: z.number().int().nonnegative(),
});

export const platformSchema = z.object({
  os: z.string().max(64),
  architecture: z.string().max(64),
  variant: nullish(z.string().max(64)).transform((variant) => variant ?? ''),
});
