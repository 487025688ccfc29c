import { z } from 'zod';
import type { ArchivePiece, DirectoryEntry, PathStat, WrittenArchive } from '../types/index.ts';
import { call, duplex, output, stream } from './operation.ts';
import { binary, text } from './values.ts';

/**
 * What is done with files, the same in containers and in volumes. `target` says whose; a relative path begins at the
 * root, and links lead nowhere else.
 */
// What it returns is what it says, line by line: a type would say it twice.
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function fileOperations<Target extends z.core.$ZodLooseShape>(target: Target) {
  const at = z.strictObject({ ...target, path: text });
  return {
    /** A link at the path's end is not followed, unless the path ends in `/` or `/.`. */
    statPath: call(at, output<PathStat>()),
    /** A directory's names in order, in batches; a link at the path's end is followed. */
    listDirectory: stream(at, output<readonly DirectoryEntry[]>()),
    /** A file or a whole directory as a tar archive. First item `stat`. */
    readArchive: stream(at, output<ArchivePiece>()),
    /**
     * Unpacks a tar archive, plain or compressed (gzip, zstd, bzip2, xz), into a directory that exists. Its one item
     * comes once the caller has ended its side and every byte is in place.
     */
    writeArchive: duplex(
      z.strictObject({ ...target, path: text, ...writing }),
      binary,
      output<WrittenArchive>(),
    ),
    /** A link is removed, not what it leads to. A directory that is not empty: refused without `recursive`. */
    removePath: call(
      at.extend({ recursive: z.boolean().default(false) }),
      output<{ readonly path: string }>(),
    ),
    /** In a directory that exists. Something is there already: refused. */
    makeDirectory: call(
      z.strictObject({ ...target, path: text, mode: permissions.default(0o755) }),
      output<PathStat>(),
    ),
    /** Within one mount. Something is there already: refused. */
    renamePath: call(z.strictObject({ ...target, path: text, newPath: text }), output<PathStat>()),
  } as const;
}

const permissions = z.number().int().min(0).max(0o7777);

const writing = {
  /** Fail where a directory would replace something else, or something else a directory. */
  noOverwriteDirNonDir: z.boolean().default(false),
  /** Make the container's user, or in a volume root, the owner of everything. */
  copyUidGid: z.boolean().default(false),
};
