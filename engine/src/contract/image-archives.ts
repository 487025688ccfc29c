import { z } from 'zod';
import type { ImportProgress, LoadProgress } from '../types/index.ts';
import { duplex, output, stream } from './operation.ts';
import { binary, platformInput, shortText, text } from './values.ts';

const MAX_INSTRUCTION = 131_072;

/** What the person calls the archive, such as the name of its file: for the task. */
const archiveName = z.string().min(1).max(255).default('an archive');

/** Images as archives, in both directions. */
export const imageArchives = {
  /**
   * Images as one tar archive that is an OCI image layout and a Docker archive at once; bytes of the same images are the
   * same. A name keeps its tag, a name without tag brings all tags of its repository, an id brings no name.
   */
  save: stream(
    z.strictObject({
      images: z.array(text).min(1).max(256),
      /** Refused: an image that is made for another. */
      platform: platformInput.optional(),
    }),
    output<Uint8Array>(),
  ),
  /**
   * Takes images out of a Docker archive or an OCI image layout in a tar archive, plain or compressed (gzip,
   * zstd, bzip2, xz): all of them, verified, or none. Ends after `done`, once the caller has ended its side.
   */
  load: duplex(
    z.strictObject({
      name: archiveName,
      /** Of an image for several platforms, this one; left out: that of this machine, else the first. */
      platform: platformInput.optional(),
    }),
    binary,
    output<LoadProgress>(),
  ),
  /** Makes an image of one layer from a root file system, a tar archive, plain or compressed (gzip, zstd, bzip2, xz). */
  import: duplex(
    z.strictObject({
      name: archiveName,
      /** The new image's name; left out: it has none. */
      reference: text.optional(),
      message: shortText.default(''),
      /** Instructions as in a Dockerfile: `CMD ["sh"]`, `ENV A=1`. */
      changes: z.array(z.string().max(MAX_INSTRUCTION)).max(1024).default([]),
      /** What its programs are made for; left out: this machine. */
      platform: platformInput.optional(),
    }),
    binary,
    output<ImportProgress>(),
  ),
} as const;
