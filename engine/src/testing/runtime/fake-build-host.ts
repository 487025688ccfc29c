import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { digestOf } from '../../content/index.ts';
import { EngineError, toEngineError } from '../../errors/index.ts';
import { parseDigest } from '../../oci/index.ts';
import type {
  BuildHost,
  CallOptions,
  CommitLayerOrder,
  CommittedLayer,
  CopiedFile,
  FilesTarget,
  WalkedRoot,
} from '../../runtime/index.ts';
import type { MemorySnapshotter } from '../snapshotter/memory-snapshotter.ts';
import type { FakeFiles } from './fake-files.ts';
import { type FakeNode, FakeTree } from './fake-tree.ts';

/** Layers of builds in memory, made of the files of the same bench's containers. */
export class FakeBuildHost implements BuildHost {
  /** Every commit that came, in order. */
  readonly commits: CommitLayerOrder[] = [];
  private readonly files: FakeFiles;
  private readonly snapshotter: MemorySnapshotter;
  private readonly archives = new Map<string, Buffer>();

  constructor(files: FakeFiles, snapshotter: MemorySnapshotter) {
    this.files = files;
    this.snapshotter = snapshotter;
  }

  async commitLayer(order: CommitLayerOrder, { signal }: CallOptions = {}): Promise<CommittedLayer> {
    check(signal);
    this.commits.push(order);
    const { id, chainIds, parent } = order;
    const target = { id, rootfs: { chainIds, readOnly: false } };
    const pieces: Uint8Array[] = [];
    for await (const piece of this.files.layer(target)) pieces.push(piece);
    const archive = Buffer.concat(pieces);
    const diffId = digestOf(archive);
    const parentChainId = parent === null ? null : parseDigest(parent);
    const chainId = parent === null ? diffId : chained(parent, diffId);
    this.files.roots.set(chainId, new FakeTree(this.files.treeOf(target).nodes));
    this.archives.set(chainId, archive);
    this.snapshotter.adopt({ chainId, parentChainId, usageBytes: archive.byteLength });
    return { chainId, diffId, usageBytes: archive.byteLength, entries: 0 };
  }

  async *readLayer(chainId: string, { signal }: CallOptions = {}): AsyncIterable<Uint8Array> {
    check(signal);
    const archive = this.archives.get(chainId);
    if (archive === undefined) throw new EngineError('not-found', 'There is no such layer.');
    yield archive;
  }

  async walk(
    chainIds: readonly string[],
    path: string,
    digests: boolean,
    { signal }: CallOptions = {},
  ): Promise<WalkedRoot> {
    check(signal);
    const tree = this.files.root(chainIds);
    const resolved = tree.resolve(path, true);
    tree.get(resolved);
    const files = tree.below(resolved).map(([place, { mode, uid, gid, content, target }]) => ({
      path: posix.relative(resolved, place),
      ...{ mode, uid, gid, size: content.byteLength, linkTarget: target },
      digest: digests ? createHash('sha256').update(content).digest('hex') : '',
    }));
    return { resolved, files };
  }

  async copy(
    from: readonly string[],
    files: readonly CopiedFile[],
    to: FilesTarget,
    owner: string | null,
    { signal }: CallOptions = {},
  ): Promise<void> {
    check(signal);
    const source = this.files.root(from);
    const target = this.files.treeOf(to);
    const owned = owner === null ? {} : { uid: Number(owner) || 0, gid: Number(owner) || 0 };
    for (const { source: path, target: place, mode } of files) {
      const node: FakeNode = source.get(path.replace(/\/+$/, '') || '/');
      const permissions = mode === null ? {} : { mode: (node.mode & 0o170000) | mode };
      target.put(target.resolve(place, false), { ...node, ...owned, ...permissions });
    }
  }
}

function chained(parent: string, diffId: string): ReturnType<typeof parseDigest> {
  return parseDigest(`sha256:${createHash('sha256').update(`${parent} ${diffId}`).digest('hex')}`);
}

function check(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw toEngineError(signal.reason);
}
