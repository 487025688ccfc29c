import { z } from 'zod';
import type { ImagePull, PullProgress } from '../types/index.ts';
import { call, output, stream } from './operation.ts';
import { platformInput, text } from './values.ts';

const credentials = z.strictObject({ username: text, password: z.string().max(65_536) }).optional();

export const pullRequest = z.strictObject({
  /** As Docker writes it: `debian`, `debian:bookworm`, `ghcr.io/x/y@sha256:...`. */
  reference: text,
  platform: platformInput.optional(),
  /**
   * Plain HTTP will do, and certificates that nobody vouches for; registries on this machine may speak plain HTTP
   * anyway.
   */
  insecure: z.boolean().default(false),
  /** Left out: what the person has signed in with. */
  credentials,
  /** True: the pull goes on when this stream is closed; `system.cancelTask` ends it. */
  background: z.boolean().default(false),
});

/** Of `pulls`. */
const pull = z.strictObject({ pull: z.string().min(1).max(128) });

export const imagePulls = {
  /**
   * Ends after `done`; fails with a typed error. Is there an interrupted pull of the same image, this goes on with it. When somebody
   * pauses the pull, it fails `cancelled` with `paused` in `detail.step`.
   */
  pull: stream(pullRequest, output<PullProgress>()),
  /** Those that run, and those that stopped short and can go on, oldest first. They change with events of tasks. */
  pulls: call(z.strictObject({}), output<readonly ImagePull[]>()),
  /** Answers when the pull has come to rest. Paused already: nothing happens. */
  pausePull: call(pull, output<ImagePull>()),
  /** As `pull` with what was asked for then; fails `conflict` when the pull runs. */
  resumePull: stream(
    pull.extend({ credentials, background: z.boolean().default(false) }),
    output<PullProgress>(),
  ),
  /** Gives up a pull that does not run, with what is there of it. Fails `conflict` when it runs: cancel its task. */
  dropPull: call(pull, output<{ readonly freedBytes: number }>()),
} as const;
