import { posix } from 'node:path';
import { EngineError } from '../../errors/index.ts';

const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;
const S_IFLNK = 0o120000;
const MAX_LINKS = 40;

export interface FakeNode {
  /** Kind and permissions, as in stat(2). */
  readonly mode: number;
  /** Of a file; empty otherwise. */
  readonly content: Buffer;
  /** Of a symbolic link; empty otherwise. */
  readonly target: string;
  readonly uid: number;
  readonly gid: number;
}

export const folder = (mode = 0o755): FakeNode => node({ mode: S_IFDIR | mode });
export const file = (content: string | Buffer, mode = 0o644): FakeNode =>
  node({ mode: S_IFREG | mode, content: Buffer.from(content) });
export const link = (target: string): FakeNode => node({ mode: S_IFLNK | 0o777, target });

export const isFolder = ({ mode }: FakeNode): boolean => (mode & 0o170000) === S_IFDIR;
export const isLink = ({ mode }: FakeNode): boolean => (mode & 0o170000) === S_IFLNK;

function node(parts: Pick<FakeNode, 'mode'> & Partial<FakeNode>): FakeNode {
  return { content: Buffer.alloc(0), target: '', uid: 0, gid: 0, ...parts };
}

/** A file tree in memory, by absolute path; every parent of a node is in it. */
export class FakeTree {
  readonly nodes: Map<string, FakeNode>;

  constructor(nodes: Iterable<readonly [string, FakeNode]>) {
    this.nodes = new Map([['/', folder()], ...nodes]);
  }

  /** Where a path ends up, links on the way followed, the last one only with `follow` or a trailing slash. */
  resolve(path: string, follow: boolean): string {
    let links = 0;
    const walk = (start: string, words: readonly string[], last: boolean): string =>
      words.reduce((at, word, index) => {
        const next = posix.resolve(at, word);
        const found = this.nodes.get(next);
        if (found === undefined || !isLink(found) || (!last && index === words.length - 1)) return next;
        if (++links > MAX_LINKS) throw new EngineError('invalid-argument', 'Too many links.');
        return walk(
          at,
          found.target.startsWith('/') ? ['/', ...split(found.target)] : split(found.target),
          true,
        );
      }, start);
    return walk('/', split(path), follow || /\/\.?$/.test(path));
  }

  get(path: string): FakeNode {
    const found = this.nodes.get(path);
    if (found === undefined) throw missing(path);
    return found;
  }

  /** With the folders around it that are missing. */
  put(path: string, placed: FakeNode): void {
    for (let around = posix.dirname(path); !this.nodes.has(around); around = posix.dirname(around)) {
      this.nodes.set(around, folder());
    }
    this.nodes.set(path, placed);
  }

  /** With everything below, parents first, by name. */
  below(path: string): readonly (readonly [string, FakeNode])[] {
    const prefix = path === '/' ? '/' : `${path}/`;
    return [...this.nodes]
      .filter(([each]) => each === path || each.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  remove(path: string): void {
    for (const [each] of this.below(path)) this.nodes.delete(each);
  }
}

export function missing(path: string): EngineError {
  return new EngineError('not-found', 'There is nothing at this path.', {
    detail: { step: 'openat2', errno: 'ENOENT', path },
  });
}

function split(path: string): readonly string[] {
  return path.split('/').filter((word) => word !== '' && word !== '.');
}
