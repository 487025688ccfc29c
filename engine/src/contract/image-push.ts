import { z } from 'zod';
import type { PushProgress } from '../types/index.ts';
import { output, stream } from './operation.ts';
import { platformInput, text } from './values.ts';

export const pushRequest = z.strictObject({
  /** The name of an image here, which says where it goes: `ghcr.io/x/y:1`. */
  reference: text,
  /** Only this one of an image for several, under the name alone, without the index. */
  platform: platformInput.optional(),
  insecure: z.boolean().default(false),
  /** Left out: what the person has signed in with. */
  credentials: z.strictObject({ username: text, password: z.string().max(65_536) }).optional(),
  /** True: the push goes on when this stream is closed; `system.cancelTask` ends it. */
  background: z.boolean().default(false),
});

export const imagePush = {
  /** Ends after `done`; fails with a typed error. */
  push: stream(pushRequest, output<PushProgress>()),
} as const;
