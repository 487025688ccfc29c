import { z } from 'zod';
import { text } from './values.ts';

const texts = z.array(text).max(256);

/** `key` or `key=value`; all must match. */
const labels = texts;

/** ISO 8601. */
const moment = z.iso.datetime({ offset: true });

/** Docker's filters of a list of images: all of them must match. */
export const imageFilters = z.strictObject({
  /** Whether it has no tag. */
  dangling: z.boolean().optional(),
  label: labels.optional(),
  /** Built before, or after, this image was. */
  before: text.optional(),
  since: text.optional(),
  /** Built before this moment. */
  until: moment.optional(),
  /** Patterns of names, as Go's path.Match has them; any may match. */
  reference: texts.optional(),
});

export type ImageFilters = z.output<typeof imageFilters>;

/** Which images may be pruned. Those that a container needs never are. */
export const imagePruneFilters = z.strictObject({
  /** All that no container needs, not only those without a tag. */
  all: z.boolean().default(false),
  labels: labels.default([]),
  /** Spared: those that have one of these. */
  labelsNot: labels.default([]),
  /** Built before this moment. */
  until: moment.optional(),
});

export type ImagePruneFilters = z.output<typeof imagePruneFilters>;
