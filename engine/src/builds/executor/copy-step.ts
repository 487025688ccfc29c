import { posix } from 'node:path';
import { isEngineError } from '../../errors/index.ts';
import type { ContainerTarget, WalkedFile } from '../../runtime/index.ts';
import type { ChosenSource } from '../context/choose.ts';
import { FILE_KIND, isDirectory, isRegular } from '../context/file-tree.ts';
import type { CopyVertex } from '../graph/vertex.ts';
import { packPlaced } from './archive.ts';
import { type ChosenGroup, unread } from './choose-groups.ts';
import { place, type Placed } from './destination.ts';
import type { ExecutorParts } from './parts.ts';
import { parsePermissions } from './permissions.ts';

/** A step that changes the files of a container. */
export interface FileStep {
  readonly parts: ExecutorParts;
  readonly target: ContainerTarget;
  readonly signal: AbortSignal;
}

export interface CopyStep extends FileStep {
  readonly vertex: CopyVertex;
}

/** Copies what was chosen into the container. */
export async function copyInto(step: CopyStep, groups: readonly ChosenGroup[]): Promise<void> {
  const { vertex } = step;
  const isFolderThere = await isFolderIn(step, vertex.destination);
  const several = groups.reduce((count, { sources }) => count + sources.length, 0) > 1;
  const destination =
    several && !vertex.destination.endsWith('/') ? `${vertex.destination}/` : vertex.destination;
  for (const group of groups) {
    const unpacked = await unpackArchives(step, group, isFolderThere);
    const sources = group.sources.filter((source) => !unpacked.has(source));
    const placed = place(sources, { destination, isFolderThere, parents: vertex.parents });
    if (placed.length > 0) await copyGroup(step, group, placed);
  }
}

async function copyGroup(
  { parts, vertex, target, signal }: CopyStep,
  group: ChosenGroup,
  placed: readonly Placed[],
): Promise<void> {
  const modeOf = vertex.chmod === null ? null : parsePermissions(vertex.chmod);
  if (group.from === null) {
    const archive = packPlaced(placed, {
      read: group.read,
      modeOf: modeOf ?? plainMode,
      modifiedAt: ({ modifiedAt }) => modifiedAt ?? parts.modifiedAt(vertex.epoch),
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

/** Also through links. */
export async function isFolderIn({ parts, target, signal }: FileStep, path: string): Promise<boolean> {
  if (path === '/') return true;
  try {
    await parts.files.stat(target, `${path.replace(/\/+$/, '')}/.`, { signal });
    return true;
  } catch (thrown) {
    if (isEngineError(thrown, 'not-found') || isEngineError(thrown, 'invalid-argument')) return false;
    throw thrown;
  }
}

/** ADD unpacks archives that are single files of the context. */
async function unpackArchives(
  step: CopyStep,
  group: ChosenGroup,
  isFolderThere: boolean,
): Promise<ReadonlySet<ChosenSource>> {
  const { parts, vertex, target, signal } = step;
  const unpacked = new Set<ChosenSource>();
  if (!(group.isLocal ? vertex.unpack : vertex.unpackRemote) || group.from !== null) return unpacked;
  for (const source of group.sources) {
    const [chosen] = source.files;
    if (chosen === undefined || !isRegular(chosen.file)) continue;
    const archive = await parts.openArchive(() => group.read(chosen.file), signal);
    if (archive === null) continue;
    if (!isFolderThere) await makeFolder(step, vertex.destination);
    const options = { noOverwriteDirNonDir: false, owner: vertex.chown, signal };
    await parts.files.writeArchive(target, vertex.destination, archive, options);
    unpacked.add(source);
  }
  return unpacked;
}

/** With the folders around it. */
export async function makeFolder(
  { parts, target, signal }: FileStep,
  path: string,
  owner: string | null = null,
): Promise<void> {
  const mode = FILE_KIND.directory | 0o755;
  const file = { path, mode, uid: 0, gid: 0, size: 0, linkTarget: '', digest: '' };
  const archive = packPlaced([{ file, target: path }], {
    read: unread,
    modeOf: plainMode,
    modifiedAt: () => parts.modifiedAt(null),
  });
  await parts.files.writeArchive(target, '/', archive, { noOverwriteDirNonDir: true, owner, signal });
}
