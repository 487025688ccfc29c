import { EngineError } from '@longshore/engine/errors';
import type {
  ArchivePiece,
  DirectoryEntry,
  FileType,
  PathStat,
  WrittenArchive,
} from '@longshore/engine/types';
import { fileSource, joined, packTar, type TarSource, unpackTar } from '../lib/tar/index.ts';

export interface FakeNode {
  readonly type: Extract<FileType, 'file' | 'directory' | 'link'>;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly modifiedAt: string;
  readonly data: Uint8Array;
  readonly linkTarget: string | null;
}

const KINDS = { file: 0o100000, directory: 0o040000, link: 0o120000 } as const;
const BATCH = 500;

const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/';
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1) || '/';

/** A tree of files in memory, with what the engine does to one: the same answers, the same refusals. */
export class FakeFiles {
  private readonly nodes = new Map<string, FakeNode>();

  constructor(nodes: Readonly<Record<string, FakeNode>> = {}) {
    this.nodes.set('/', folderNode());
    for (const [path, node] of Object.entries(nodes)) {
      this.makeParents(path);
      this.nodes.set(path, node);
    }
  }

  copy(): FakeFiles {
    return new FakeFiles(Object.fromEntries([...this.nodes].filter(([path]) => path !== '/')));
  }

  /** Bytes of all files, and how many names there are. */
  measure(): { readonly sizeBytes: number; readonly files: number } {
    const sizes = [...this.nodes.values()].map(({ data }) => data.length);
    return { sizeBytes: sizes.reduce((total, size) => total + size, 0), files: this.nodes.size - 1 };
  }

  stat(path: string): PathStat {
    const node = this.found(clean(path));
    return {
      name: nameOf(clean(path)),
      sizeBytes: node.data.length,
      mode: KINDS[node.type] | node.mode,
      modifiedAt: node.modifiedAt,
      linkTarget: node.linkTarget,
    };
  }

  async *list(path: string): AsyncGenerator<readonly DirectoryEntry[]> {
    const folder = this.folder(path);
    await Promise.resolve();
    const entries = this.children(folder).map(([at, node]): DirectoryEntry => ({
      name: nameOf(at),
      type: node.type,
      sizeBytes: node.data.length,
      mode: KINDS[node.type] | node.mode,
      modifiedAt: node.modifiedAt,
      uid: node.uid,
      gid: node.gid,
      linkTarget: node.linkTarget,
    }));
    for (let at = 0; at < entries.length; at += BATCH) yield entries.slice(at, at + BATCH);
  }

  async *read(path: string): AsyncGenerator<ArchivePiece> {
    const at = clean(path);
    yield { kind: 'stat', stat: this.stat(at) };
    const base = path.endsWith('/.') ? at : parentOf(at);
    for await (const data of packTar(this.sources(at, base))) yield { kind: 'data', data };
  }

  async *write(path: string, up: AsyncIterable<Uint8Array>): AsyncGenerator<WrittenArchive> {
    const folder = this.folder(path);
    let receivedBytes = 0;
    const counted = async function* () {
      for await (const piece of up) {
        receivedBytes += piece.length;
        yield piece;
      }
    };
    for await (const entry of unpackTar(counted())) {
      const pieces: Uint8Array[] = [];
      for await (const piece of entry.data) pieces.push(piece.slice());
      if (entry.type === 'other') continue;
      const at = clean(`${folder}/${entry.path}`);
      this.makeParents(at);
      this.nodes.set(at, {
        type: entry.type,
        mode: entry.mode,
        uid: entry.uid,
        gid: entry.gid,
        modifiedAt: new Date(entry.modifiedMs).toISOString(),
        data: joined(pieces),
        linkTarget: entry.type === 'link' ? entry.linkTarget : null,
      });
    }
    yield { receivedBytes };
  }

  remove(path: string, recursive: boolean): { readonly path: string } {
    const at = clean(path);
    const node = this.found(at);
    const below = [...this.nodes.keys()].filter((each) => each.startsWith(`${at}/`));
    if (node.type === 'directory' && below.length > 0 && !recursive) {
      throw new EngineError('failed-precondition', `The folder ${at} is not empty.`, {
        detail: { step: 'rmdir', errno: 'ENOTEMPTY', path: at },
      });
    }
    for (const each of [at, ...below]) this.nodes.delete(each);
    return { path: at };
  }

  makeFolder(path: string, mode: number): PathStat {
    const at = clean(path);
    this.folder(parentOf(at));
    this.free(at);
    this.nodes.set(at, folderNode(mode));
    return this.stat(at);
  }

  rename(path: string, newPath: string): PathStat {
    const [from, to] = [clean(path), clean(newPath)];
    this.found(from);
    this.folder(parentOf(to));
    this.free(to);
    for (const [at, node] of [...this.nodes]) {
      if (at !== from && !at.startsWith(`${from}/`)) continue;
      this.nodes.delete(at);
      this.nodes.set(`${to}${at.slice(from.length)}`, node);
    }
    return this.stat(to);
  }

  private children(folder: string): [string, FakeNode][] {
    return [...this.nodes]
      .filter(([at]) => at !== '/' && parentOf(at) === folder)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  private sources(at: string, base: string): TarSource[] {
    const inside = (path: string) => path.slice(base === '/' ? 1 : base.length + 1);
    return [...this.nodes]
      .filter(([path]) => path !== base && (path === at || path.startsWith(at === '/' ? '/' : `${at}/`)))
      .map(([path, { data, modifiedAt, linkTarget, ...node }]) =>
        fileSource(inside(path), {
          ...node,
          modifiedMs: Date.parse(modifiedAt),
          sizeBytes: data.length,
          data: [data],
          linkTarget: linkTarget ?? '',
        }),
      );
  }

  private makeParents(path: string): void {
    for (let at = parentOf(path); at !== '/'; at = parentOf(at)) {
      if (!this.nodes.has(at)) this.nodes.set(at, folderNode());
    }
  }

  private found(path: string): FakeNode {
    const node = this.nodes.get(path);
    if (node === undefined) {
      throw new EngineError('not-found', `There is no ${path} here.`, {
        detail: { step: 'openat2', errno: 'ENOENT', path },
      });
    }
    return node;
  }

  /** A link to a folder is followed; links to links there are none. */
  private folder(path: string): string {
    const at = clean(path);
    const node = this.found(at);
    if (node.type === 'link') return this.folder(clean(`${parentOf(at)}/${node.linkTarget ?? ''}`));
    if (node.type === 'directory') return at;
    throw new EngineError('failed-precondition', `${at} is no folder.`, {
      detail: { step: 'openat2', errno: 'ENOTDIR', path: at },
    });
  }

  private free(path: string): void {
    if (!this.nodes.has(path)) return;
    throw new EngineError('already-exists', `There is a ${path} already.`, {
      detail: { errno: 'EEXIST', path },
    });
  }
}

function folderNode(mode = 0o755): FakeNode {
  return { ...textNode(''), type: 'directory', mode };
}

export function textNode(text: string, part: Partial<FakeNode> = {}): FakeNode {
  return {
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    modifiedAt: new Date(Date.now() - 86_400_000).toISOString(),
    data: new TextEncoder().encode(text),
    linkTarget: null,
    ...part,
  };
}

export function linkNode(linkTarget: string): FakeNode {
  return textNode('', { type: 'link', mode: 0o777, linkTarget });
}

/** `/a/./b/` is `/a/b`. */
function clean(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return `/${parts.join('/')}`;
}
