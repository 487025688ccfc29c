import { z } from 'zod';
import type { EngineEvent } from '../types/index.ts';
import { output, stream } from './operation.ts';
import { text } from './values.ts';

export const eventQuery = z.strictObject({
  /** Only these types; left out: all but `task`. */
  types: z.array(z.enum(['container', 'image', 'network', 'volume', 'build', 'engine', 'task'])).optional(),
  /** Only of this container, image, network or volume: id or name. */
  subject: text.optional(),
  /** Replay what the engine still remembers from here: a sequence number or ISO 8601. */
  since: z.union([z.number().int().nonnegative(), z.string().max(64)]).optional(),
  /** End here instead of standing: ISO 8601. */
  until: z.string().max(64).optional(),
});

export const events = {
  watch: stream(eventQuery, output<EngineEvent>()),
} as const;
