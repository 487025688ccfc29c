import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import { EngineError, toEngineError } from '../../errors/index.ts';
import type {
  CallOptions,
  ContainerFiles,
  ContainerTarget,
  FilesTarget,
  WriteArchiveOptions,
} from '../../runtime/index.ts';
import type {
  ArchivePiece,
  ContainerUsage,
  DirectoryEntry,
  FileChange,
  PathStat,
} from '../../types/index.ts';
import { entriesIn, freePlace, removePath, renamePath } from './fake-changes.ts';
import { FakeTree, type FakeNode, file, folder, isFolder, isLink, link } from './fake-tree.ts';

/** What every container's image holds, as much of busybox's as the contract suite says. */
const IMAGE: readonly (readonly [string, FakeNode])[] = [
  ['/bin', folder()],
  ['/bin/busybox', file('the program', 0o755)],
  ['/bin/sh', link('busybox')],
  ['/etc', folder()],
  ['/etc/passwd', file('root:x:0:0:root:/root:/bin/sh\n')],
  ['/tmp', folder(0o1777)],
];

const MODIFIED_AT = '2026-01-01T00:00:00.000000000Z';

/** The files of containers and volumes in memory; a container's begin as a copy of one image. */
export class FakeFiles implements ContainerFiles {
  /** Of volumes, by name. */
  readonly volumes: Map<string, FakeTree>;
  /** What is in roots that are not as every image is, by the ChainID of their highest layer. */
  readonly roots = new Map<string, FakeTree>();
  private readonly image = new FakeTree(IMAGE);
  private readonly trees = new Map<string, FakeTree>();
  /** What a container's files were at first. */
  private readonly origins = new Map<string, FakeTree>();

  constructor(volumes = new Map<string, FakeTree>()) {
    this.volumes = volumes;
  }

  /** A container's own tree, for tests to look at and to change. */
  of(id: string, chainIds: readonly string[] = []): FakeTree {
    const known = this.trees.get(id);
    if (known !== undefined) return known;
    const origin = this.root(chainIds);
    const tree = new FakeTree(origin.nodes);
    this.trees.set(id, tree);
    this.origins.set(id, origin);
    return tree;
  }

  /** What layers make together. */
  root(chainIds: readonly string[]): FakeTree {
    return this.roots.get(chainIds.at(-1) ?? '') ?? this.image;
  }

  async *changes(
    target: ContainerTarget,
    { signal }: CallOptions = {},
  ): AsyncIterable<readonly FileChange[]> {
    check(signal);
    const found = this.compare(target);
    if (found.length > 0) yield found;
  }

  async *usage(ids: readonly string[], { signal }: CallOptions = {}): AsyncIterable<ContainerUsage> {
    check(signal);
    for (const [id, tree] of this.trees) {
      if (ids.length > 0 && !ids.includes(id)) continue;
      const changed = this.compare({ id, rootfs: { chainIds: [], readOnly: false } }).map(
        ({ path }) => tree.nodes.get(path)?.content.byteLength ?? 0,
      );
      yield { id, writableBytes: changed.reduce((sum, size) => sum + size, 0), logBytes: 0 };
    }
  }

  async stat(target: FilesTarget, path: string, { signal }: CallOptions = {}): Promise<PathStat> {
    check(signal);
    const tree = this.treeOf(target);
    const place = tree.resolve(path, false);
    const { mode, content } = tree.get(place);
    const linkTarget = isLink(tree.get(place)) ? tree.resolve(path, true) : null;
    const name = path.endsWith('/.') ? '.' : posix.basename(place) || '/';
    return { name, sizeBytes: content.byteLength, mode, modifiedAt: MODIFIED_AT, linkTarget };
  }

  async *readArchive(
    target: FilesTarget,
    path: string,
    options: CallOptions = {},
  ): AsyncIterable<ArchivePiece> {
    yield { kind: 'stat', stat: await this.stat(target, path, options) };
    const tree = this.treeOf(target);
    const place = tree.resolve(path, false);
    const name = path.endsWith('/.') ? '.' : posix.basename(posix.resolve('/', path));
    const entries = tree.below(place).map(([each, node]) => {
      const rest = posix.relative(place, each);
      return [rest === '' ? name || '/' : `${name}/${rest}`, node] as const;
    });
    for await (const data of pack(entries)) yield { kind: 'data', data };
  }

  async writeArchive(
    target: FilesTarget,
    path: string,
    archive: AsyncIterable<Uint8Array>,
    options: WriteArchiveOptions,
  ): Promise<void> {
    check(options.signal);
    try {
      await this.unpack(target, path, archive, options);
    } catch (thrown) {
      check(options.signal);
      throw thrown;
    }
  }

  async *list(
    target: FilesTarget,
    path: string,
    { signal }: CallOptions = {},
  ): AsyncIterable<readonly DirectoryEntry[]> {
    check(signal);
    yield entriesIn(this.treeOf(target), path, MODIFIED_AT);
  }

  async remove(target: FilesTarget, path: string, recursive: boolean): Promise<void> {
    removePath(this.treeOf(target), path, recursive);
  }

  async makeDirectory(target: FilesTarget, path: string, mode: number): Promise<PathStat> {
    const tree = this.treeOf(target);
    tree.nodes.set(freePlace(tree, path), folder(mode));
    return this.stat(target, path);
  }

  async rename(target: FilesTarget, path: string, newPath: string): Promise<PathStat> {
    const tree = this.treeOf(target);
    renamePath(tree, path, freePlace(tree, newPath));
    return this.stat(target, newPath);
  }

  treeOf(target: FilesTarget): FakeTree {
    if ('id' in target) return this.of(target.id, target.rootfs.chainIds);
    const tree = this.volumes.get(target.volume);
    if (tree === undefined) throw new EngineError('not-found', `There is no volume ${target.volume}.`);
    return tree;
  }

  async *export({ id, rootfs }: ContainerTarget, { signal }: CallOptions = {}): AsyncIterable<Uint8Array> {
    check(signal);
    yield* pack(
      this.of(id, rootfs.chainIds)
        .below('/')
        .slice(1)
        .map(([path, node]) => [path.slice(1), node]),
    );
  }

  async *layer(target: ContainerTarget, { signal }: CallOptions = {}): AsyncIterable<Uint8Array> {
    check(signal);
    const tree = this.treeOf(target);
    const entries = this.compare(target).map(({ path, kind }): readonly [string, FakeNode] =>
      kind === 'deleted'
        ? [posix.join(posix.dirname(path), `.wh.${posix.basename(path)}`).slice(1), file('')]
        : [path.slice(1), tree.get(path)],
    );
    yield* pack(entries);
  }

  private async unpack(
    target: FilesTarget,
    path: string,
    archive: AsyncIterable<Uint8Array>,
    { noOverwriteDirNonDir, owner, signal }: WriteArchiveOptions,
  ): Promise<void> {
    const tree = this.treeOf(target);
    const place = tree.resolve(path, true);
    if (!isFolder(tree.get(place))) throw new EngineError('invalid-argument', `${path} is not a directory.`);
    if ('rootfs' in target && target.rootfs.readOnly)
      throw new EngineError('permission-denied', 'The root is read-only.');
    const entries = tar.extract();
    const writable = entries as unknown as NodeJS.WritableStream;
    const feeding = pipeline(Readable.from(archive), writable, signal === undefined ? {} : { signal });
    feeding.catch(() => undefined);
    const uid = owner === null ? {} : { uid: Number.parseInt(owner, 10) };
    for await (const entry of entries) {
      const at = posix.resolve('/', posix.join(place, posix.resolve('/', entry.header.name)));
      const node = { ...(await nodeOf(entry)), ...uid };
      const before = tree.nodes.get(at);
      const isOther = before !== undefined && isFolder(before) !== isFolder(node);
      if (isOther && noOverwriteDirNonDir) {
        throw new EngineError('conflict', `${at} cannot be replaced by another kind of file.`);
      }
      if (isOther) tree.remove(at);
      tree.put(at, node);
    }
    await feeding;
  }

  private compare({ id, rootfs }: ContainerTarget): readonly FileChange[] {
    const tree = this.of(id, rootfs.chainIds);
    const origin = this.origins.get(id) ?? this.image;
    const own: FileChange[] = [];
    for (const [path, node] of tree.nodes) {
      const before = origin.nodes.get(path);
      if (before === undefined) own.push({ path, kind: 'added' });
      else if (!same(before, node)) own.push({ path, kind: 'modified' });
    }
    for (const path of origin.nodes.keys()) {
      if (!tree.nodes.has(path)) own.push({ path, kind: 'deleted' });
    }
    const parents = new Set(own.map(({ path }) => posix.dirname(path)));
    const listed = new Set(own.map(({ path }) => path));
    for (const path of parents) {
      if (path !== '/' && !listed.has(path)) own.push({ path, kind: 'modified' });
    }
    return own.sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}

/** As tar-stream hands entries out. */
interface ArchiveEntry extends AsyncIterable<unknown> {
  readonly header: tar.Header;
}

async function* pack(entries: readonly (readonly [string, FakeNode])[]): AsyncIterable<Uint8Array> {
  const archive = tar.pack();
  for (const [name, { mode, content, target, uid, gid }] of entries) {
    const type = target !== '' ? 'symlink' : (mode & 0o170000) === 0o040000 ? 'directory' : 'file';
    const slash = type === 'directory' && !name.endsWith('/') ? '/' : '';
    const header = {
      name: name + slash,
      mode: mode & 0o7777,
      type,
      uid,
      gid,
      mtime: new Date(MODIFIED_AT),
    } as const;
    archive.entry(target === '' ? header : { ...header, linkname: target }, content);
  }
  archive.finalize();
  yield* archive as unknown as AsyncIterable<Uint8Array>;
}

async function nodeOf(entry: ArchiveEntry): Promise<FakeNode> {
  const { type, mode, linkname, uid, gid } = entry.header;
  const pieces: Uint8Array[] = [];
  for await (const piece of entry) pieces.push(piece as Uint8Array);
  const owned = { uid, gid };
  if (type === 'directory') return { ...folder(mode), ...owned };
  if (type === 'symlink') return { ...link(linkname), ...owned };
  return { ...file(Buffer.concat(pieces), mode), ...owned };
}

function same(a: FakeNode, b: FakeNode): boolean {
  return a.mode === b.mode && a.target === b.target && a.content.equals(b.content);
}

function check(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw toEngineError(signal.reason);
}
