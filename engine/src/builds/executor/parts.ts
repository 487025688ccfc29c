import type { HostTraits } from '../../containers/index.ts';
import type { NetworkSource } from '../../networks/index.ts';
import type { ContextFiles } from '../context/context-files.ts';
import type { GitSource } from '../context/git/git-source.ts';
import type { CacheFolders } from './mounts/cache-folders.ts';
import type { MountParts } from './mounts/mount-work.ts';

/** What the steps of one build are done with. */
export interface ExecutorParts extends MountParts {
  readonly cacheFolders: CacheFolders;
  readonly networks: NetworkSource;
  readonly machine: () => HostTraits;
  /** The bytes as an archive that can be unpacked; null: they are none. `read` begins anew each time. */
  readonly openArchive: (
    read: () => AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ) => Promise<AsyncIterable<Uint8Array> | null>;
  /** A repository's files; kept until the build ends. */
  readonly gitFiles: (source: GitSource, signal: AbortSignal) => Promise<ContextFiles>;
}
