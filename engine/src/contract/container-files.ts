import { z } from 'zod';
import type { ArchivePiece, CommittedImage, FileChange, PathStat, WrittenArchive } from '../types/index.ts';
import { call, duplex, output, stream } from './operation.ts';
import { binary, shortText, text } from './values.ts';

/** A name, an id, or an unambiguous beginning of an id. */
const container = text;
const target = z.strictObject({ container });

/** In the container; a relative one begins at its root. */
const path = text;
const place = z.strictObject({ container, path });

const MAX_INSTRUCTION = 131_072;

export const writeArchiveRequest = place.extend({
  /** Fail where a directory would replace something else, or something else a directory. */
  noOverwriteDirNonDir: z.boolean().default(false),
  /** Make the container's user the owner of everything, if it has one. */
  copyUidGid: z.boolean().default(false),
});

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
  /** A link at the path's end is not followed, unless the path ends in `/` or `/.`. */
  statPath: call(place, output<PathStat>()),
  /** A file or a whole directory as a tar archive. First item `stat`. */
  readArchive: stream(place, output<ArchivePiece>()),
  /**
   * Unpacks a tar archive, plain or compressed with gzip or zstd, into a directory that exists. Its one item
   * comes once the caller has ended its side and every byte is in place.
   */
  writeArchive: duplex(writeArchiveRequest, binary, output<WrittenArchive>()),
  /** The whole root as a tar archive, without what is mounted in it. */
  export: stream(target, output<Uint8Array>()),
  /** Goes on when its caller leaves: only cancelling the task ends it. */
  commit: call(commitRequest, output<CommittedImage>()),
} as const;
