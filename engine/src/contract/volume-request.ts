import { z } from 'zod';
import { labels } from './values.ts';

/** Docker's rule for volume names. */
export const volumeName = z
  .string()
  // It is the name of a file as well: NAME_MAX without ".json".
  .max(250, { message: 'a volume name has at most 250 characters' })
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, {
    message:
      'a volume name has letters, digits, "_", "." and "-", at least two, and begins with a letter or digit',
  });

/** What a new volume is. */
export const volumeSettings = {
  driver: z.literal('local', { message: 'the only volume driver is "local"' }).default('local'),
  /**
   * Of the driver: `type`, `device` and `o`, as mount(8) has them. Others are refused by name. None: a folder of the
   * engine's own.
   */
  options: z.record(z.string().max(256), z.string().max(4096)).default({}),
  labels: labels.default({}),
};
