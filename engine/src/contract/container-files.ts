import { z } from 'zod';
import type { CommittedImage, ContainerUsage, FileChange } from '../types/index.ts';
import { fileOperations } from './file-operations.ts';
import { call, output, stream } from './operation.ts';
import { shortText, text } from './values.ts';

/** A name, an id, or an unambiguous beginning of an id. */
const container = text;
const target = z.strictObject({ container });

const MAX_INSTRUCTION = 131_072;

export const commitRequest = z.strictObject({
  container,
  /** The new image's name; left out: it has none. */
  reference: text.optional(),
  message: shortText.default(''),
  author: shortText.default(''),
  /** Instructions as in a Dockerfile: `CMD ["sh"]`, `ENV A=1`. */
  changes: z.array(z.string().max(MAX_INSTRUCTION)).max(1024).default([]),
  /** Hold its processes while its files are read. */
  pause: z.boolean().default(true),
});

/** What is done with the files of containers, running and stopped. */
export const containerFiles = {
  /** What differs from the image: by path, parents before children. */
  changes: stream(target, output<readonly FileChange[]>()),
  ...fileOperations({ container }),
  /** The whole root as a tar archive, without what is mounted in it. */
  export: stream(target, output<Uint8Array>()),
  /** What containers take of the disk, each as soon as it is measured. None named: all. */
  usage: stream(
    z.strictObject({ containers: z.array(container).max(100_000).default([]) }),
    output<ContainerUsage>(),
  ),
  /** Goes on when its caller leaves: only cancelling the task ends it. */
  commit: call(commitRequest, output<CommittedImage>()),
} as const;
