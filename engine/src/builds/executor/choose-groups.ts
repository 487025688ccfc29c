import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { WalkedFile } from '../../runtime/index.ts';
import { chooseFiles, type ChosenSource } from '../context/choose.ts';
import { FILE_KIND, isDirectory } from '../context/file-tree.ts';
import type { CopySource, CopyVertex, Root } from '../graph/vertex.ts';
import { digestOfWords } from '../solver/step-identity.ts';
import type { Roots } from '../solver/solver.ts';
import type { ContextFiles } from '../context/context-files.ts';
import type { ExecutorParts } from './parts.ts';
import { fetchRemote } from './remote-file.ts';

/** What one source has brought, and how its files are read. */
export interface ChosenGroup {
  readonly sources: readonly ChosenSource[];
  /** Layers that the files are in; null: they are read here. */
  readonly from: Root | null;
  /** Of the tree's root there. */
  readonly base: string;
  readonly read: (file: WalkedFile) => AsyncIterable<Uint8Array>;
  readonly isLocal: boolean;
}

/** Finds what a copy takes. */
export function chooseGroups(
  parts: ExecutorParts,
  vertex: CopyVertex,
  roots: Roots,
  signal: AbortSignal,
): Promise<readonly ChosenGroup[]> {
  return Promise.all(vertex.sources.map((source) => chooseGroup(parts, vertex, source, roots, signal)));
}

async function chooseGroup(
  parts: ExecutorParts,
  { exclude }: CopyVertex,
  source: CopySource,
  roots: Roots,
  signal: AbortSignal,
): Promise<ChosenGroup> {
  switch (source.kind) {
    case 'inline':
      return singleFile(source.name, 0o644, Buffer.from(source.content), source.content);
    case 'git':
      return ofContext(await parts.gitFiles(source, signal), '/', exclude, signal);
    case 'url':
      return ofAddress(source, signal);
    case 'files': {
      const { origin, path } = source;
      if (origin.kind === 'vertex')
        return ofRoot(parts, roots.get(origin.vertex) ?? [], path, exclude, signal);
      return ofContext(await parts.contextNamed(origin.name), path, exclude, signal);
    }
  }
}

async function ofAddress(
  { url, checksum }: Extract<CopySource, { kind: 'url' }>,
  signal: AbortSignal,
): Promise<ChosenGroup> {
  const { name, bytes } = await fetchRemote(url, checksum, signal);
  const identity = digestOfWords([url, createHash('sha256').update(bytes).digest('hex')]);
  return { ...singleFile(name, 0o600, bytes, identity), isLocal: false };
}

async function ofContext(
  context: ContextFiles,
  path: string,
  exclude: readonly string[],
  signal: AbortSignal,
): Promise<ChosenGroup> {
  const { files } = await context.tree(signal);
  const read = (file: WalkedFile): AsyncIterable<Uint8Array> => context.read(file);
  return { sources: chooseFiles(files, path, exclude), from: null, base: '/', read, isLocal: true };
}

async function ofRoot(
  parts: ExecutorParts,
  root: Root,
  path: string,
  exclude: readonly string[],
  signal: AbortSignal,
): Promise<ChosenGroup> {
  const literal = literalFolder(path);
  const chainIds = root.map(({ chainId }) => chainId);
  const { resolved, files } = await parts.walk(chainIds, literal, signal);
  const rest = posix.relative(literal, posix.resolve('/', path));
  const sources = chooseFiles(files, rest, exclude).map((chosen) =>
    chosen.top.path === '' && !isDirectory(chosen.top) ? renamed(chosen, posix.basename(path)) : chosen,
  );
  return { sources, from: root, base: resolved, read: unread, isLocal: true };
}

/** The folder that a pattern's first wildcard stands in; a path without one is itself. */
function literalFolder(path: string): string {
  const absolute = posix.resolve('/', path);
  const parts = absolute.split('/');
  const wildcard = parts.findIndex((part) => /[*?[\\]/.test(part));
  return wildcard === -1 ? absolute : parts.slice(0, wildcard).join('/') || '/';
}

/** A walk that began at a file knows it as ''. */
function renamed({ top, files }: ChosenSource, name: string): ChosenSource {
  return { top: { ...top, path: name }, files };
}

function singleFile(name: string, mode: number, bytes: Uint8Array, identity: string): ChosenGroup {
  const file: WalkedFile = {
    path: name,
    mode: FILE_KIND.file | mode,
    uid: 0,
    gid: 0,
    size: bytes.length,
    linkTarget: '',
    digest: digestOfWords([identity]),
  };
  const read = async function* (): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(bytes);
  };
  const sources = [{ top: file, files: [{ file, target: '' }] }];
  return { sources, from: null, base: '/', read, isLocal: false };
}

// eslint-disable-next-line require-yield
export async function* unread(): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  throw new Error('files of layers are not read here');
}

/** What the copied files are, without their times. */
export function digestOfGroups(groups: readonly ChosenGroup[]): string {
  const words = groups.flatMap(({ sources }) =>
    sources.flatMap(({ top, files }) => [
      [posix.basename(top.path)],
      ...files.map(({ file, target }) => [target, file.mode, file.linkTarget, file.digest]),
    ]),
  );
  return digestOfWords(words);
}
