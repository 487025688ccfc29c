import { z } from 'zod';

/** A short word from outside: a name, a reference, a path. Bounded, so that no door holds megabytes of it. */
export const text = z.string().min(1).max(4096);

export const shortText = z.string().max(4096);

/** Arguments and environment together are bounded by the kernel; one of them by this (MAX_ARG_STRLEN is 128 KiB). */
export const argument = z.string().max(131_072);

export const argumentVector = z.array(argument).max(65_536);

export const bytes = z.number().int().nonnegative();

export const labels = z.record(z.string().max(4096), z.string().max(65_536));

export const platformInput = z.strictObject({
  os: z.string().min(1).max(64),
  architecture: z.string().min(1).max(64),
  variant: z.string().min(1).max(64).optional(),
});

export const terminalSize = z.strictObject({
  columns: z.number().int().min(1).max(10_000),
  rows: z.number().int().min(1).max(10_000),
});

export const binary = z.instanceof(Uint8Array);

/** Docker's rule for container names. */
export const containerName = z
  .string()
  .max(255)
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, {
    message:
      'a container name has letters, digits, "_", "." and "-", at least two, and begins with a letter or digit',
  });
