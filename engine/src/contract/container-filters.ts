import { z } from 'zod';
import { text } from './values.ts';

const texts = z.array(text).max(256).optional();

/** Docker's filters. Of one kind any may match (of labels, all); of all kinds one each. */
export const containerFilters = z.strictObject({
  /** Beginnings of ids. */
  id: texts,
  /** Parts of names; `^` and `$` stand for beginning and end. */
  name: texts,
  /** `key` or `key=value`. */
  label: texts,
  status: z
    .array(z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited']))
    .max(16)
    .optional(),
  /** Images by name or id; containers of images that are built on them match as well. */
  ancestor: texts,
  /** Exit codes. */
  exited: z.array(z.number().int()).max(256).optional(),
  health: z
    .array(z.enum(['starting', 'healthy', 'unhealthy', 'none']))
    .max(4)
    .optional(),
  /** Made before, or after, this container. */
  before: text.optional(),
  since: text.optional(),
});

export type ContainerFilters = z.output<typeof containerFilters>;
