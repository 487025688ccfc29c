import { posix } from 'node:path';
import { isEngineError } from '../../errors/index.ts';
import type { ContainerTarget, WalkedFile } from '../../runtime/index.ts';
import { chooseFiles, type ChosenSource } from '../context/choose.ts';
import { FILE_KIND, isDirectory, isRegular } from '../context/file-tree.ts';
import type { CopySource, CopyVertex, Root } from '../graph/vertex.ts';
import { digestOfWords } from '../solver/step-identity.ts';
import type { Roots } from '../solver/solver.ts';
import { packPlaced } from './archive.ts';
import { place, type Placed } from './destination.ts';
import { parsePermissions } from './permissions.ts';
import type { ExecutorParts } from './parts.ts';
import { fetchRemote } from './remote-file.ts';
import type { WorkContainer } from './work-container.ts';

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
  if (source.kind === 'inline')
    return singleFile(source.name, 0o644, Buffer.from(source.content), source.content);
  if (source.kind === 'git') throw parts.refuseGit(source.url);
  if (source.kind === 'url') {
    const { name, bytes } = await fetchRemote(source.url, source.checksum, signal);
    return {
      ...singleFile(name, 0o600, bytes, digestOfWords([source.url, bytes.toString('base64')])),
      isLocal: false,
    };
  }
  const { origin, path } = source;
  if (origin.kind === 'context') {
    const context = parts.contextNamed(origin.name);
    const { files } = await context.tree(signal);
    const read = (file: WalkedFile): AsyncIterable<Uint8Array> => context.read(file);
    return { sources: chooseFiles(files, path, exclude), from: null, base: '/', read, isLocal: true };
  }
  const root = roots.get(origin.vertex) ?? [];
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
async function* unread(): AsyncGenerator<Uint8Array> {
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

/** Copies what was chosen into the container. */
export async function copyInto(
  parts: ExecutorParts,
  vertex: CopyVertex,
  groups: readonly ChosenGroup[],
  { target }: WorkContainer,
  signal: AbortSignal,
): Promise<void> {
  const modeOf = vertex.chmod === null ? null : parsePermissions(vertex.chmod);
  const isFolderThere = await isFolderIn(parts, target, vertex.destination, signal);
  const several = groups.reduce((count, { sources }) => count + sources.length, 0) > 1;
  const destination =
    several && !vertex.destination.endsWith('/') ? `${vertex.destination}/` : vertex.destination;
  for (const group of groups) {
    const unpacked = await unpackArchives(parts, vertex, group, target, isFolderThere, signal);
    const sources = group.sources.filter((source) => !unpacked.has(source));
    const placed = place(sources, { destination, isFolderThere, parents: vertex.parents });
    if (placed.length > 0) await copyGroup(parts, vertex, group, placed, target, modeOf, signal);
  }
}

async function copyGroup(
  parts: ExecutorParts,
  vertex: CopyVertex,
  group: ChosenGroup,
  placed: readonly Placed[],
  target: ContainerTarget,
  modeOf: ((mode: number) => number) | null,
  signal: AbortSignal,
): Promise<void> {
  if (group.from === null) {
    const archive = packPlaced(placed, {
      read: group.read,
      modeOf: (mode) => (modeOf ?? plainMode)(mode),
      modifiedAt: () => parts.modifiedAt(vertex.epoch),
    });
    const options = { noOverwriteDirNonDir: true, owner: vertex.chown, signal };
    await parts.files.writeArchive(target, '/', archive, options);
    return;
  }
  const files = placed.map(({ file, target: to }) => ({
    source: posix.join(group.base, fileWithin(group, file)),
    target: to,
    mode: modeOf === null ? null : modeOf(file.mode),
  }));
  const from = group.from.map(({ chainId }) => chainId);
  await parts.host.copy(from, files, target, vertex.chown ?? '', { signal });
}

function fileWithin({ sources }: ChosenGroup, file: WalkedFile): string {
  // A walk that began at a file: the base is the file.
  const isBase = sources.some(
    ({ top, files }) => !isDirectory(top) && files[0]?.file === file && file.path === '',
  );
  return isBase ? '' : file.path;
}

function plainMode(mode: number): number {
  return mode & 0o7777;
}

async function isFolderIn(
  parts: ExecutorParts,
  target: ContainerTarget,
  destination: string,
  signal: AbortSignal,
): Promise<boolean> {
  if (destination === '/') return true;
  try {
    await parts.files.stat(target, `${destination.replace(/\/+$/, '')}/.`, { signal });
    return true;
  } catch (thrown) {
    if (isEngineError(thrown, 'not-found') || isEngineError(thrown, 'invalid-argument')) return false;
    throw thrown;
  }
}

/** ADD unpacks archives that are single files of the context. */
async function unpackArchives(
  parts: ExecutorParts,
  vertex: CopyVertex,
  group: ChosenGroup,
  target: ContainerTarget,
  isFolderThere: boolean,
  signal: AbortSignal,
): Promise<ReadonlySet<ChosenSource>> {
  const unpacked = new Set<ChosenSource>();
  if (!(group.isLocal ? vertex.unpack : vertex.unpackRemote) || group.from !== null) return unpacked;
  for (const source of group.sources) {
    const [chosen] = source.files;
    if (chosen === undefined || !isRegular(chosen.file)) continue;
    const archive = await parts.openArchive(group.read(chosen.file));
    if (archive === null) continue;
    if (!isFolderThere) await makeFolder(parts, target, vertex.destination, signal);
    const options = { noOverwriteDirNonDir: false, owner: vertex.chown, signal };
    await parts.files.writeArchive(target, vertex.destination, archive, options);
    unpacked.add(source);
  }
  return unpacked;
}

/** With the folders around it. */
export async function makeFolder(
  parts: ExecutorParts,
  target: ContainerTarget,
  path: string,
  signal: AbortSignal,
  owner: string | null = null,
): Promise<void> {
  const mode = FILE_KIND.directory | 0o755;
  const file = { path, mode, uid: 0, gid: 0, size: 0, linkTarget: '', digest: '' };
  const placed = [{ file, target: path }];
  const archive = packPlaced(placed, {
    read: unread,
    modeOf: plainMode,
    modifiedAt: () => parts.modifiedAt(null),
  });
  await parts.files.writeArchive(target, '/', archive, { noOverwriteDirNonDir: true, owner, signal });
}
