import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { BUILD_VOLUMES, type VolumeStore } from '../../../runtime/index.ts';
import { chooseFiles } from '../../context/choose.ts';
import { isDirectory } from '../../context/file-tree.ts';
import type { FileOrigin } from '../../graph/vertex.ts';
import { packPlaced } from '../archive.ts';
import { place } from '../destination.ts';
import type { MountWork, Prepared } from './mount-work.ts';

const VOLUMES = `${BUILD_VOLUMES}files-`;

export interface MountedFiles {
  readonly origin: FileOrigin | null;
  /** Of what is mounted, in its origin. */
  readonly path: string;
  /** Absolute. */
  readonly target: string;
  readonly readOnly: boolean;
}

/** A copy of its own: what the command writes to it is gone afterwards, and a link in the source leads nowhere else. */
export async function mountedFiles(
  work: MountWork,
  { origin, path, target, readOnly }: MountedFiles,
): Promise<Prepared> {
  const { volumes } = work.parts;
  const name = `${VOLUMES}${randomBytes(16).toString('hex')}`;
  await volumes.create({ name, options: {}, record: '' }, { signal: work.signal });
  const end = async (): Promise<void> => {
    // The command has ended as it has. What cannot be removed now goes when the engine starts: `removeLeftOver`.
    await volumes.remove(name, null).catch(() => undefined);
  };
  try {
    const subpath = await fillVolume(work, name, origin, path);
    const volume = { type: 'volume', source: name, target, readOnly, subpath } as const;
    return { mounts: [{ ...volume, noCopy: true, anonymous: false }], env: [], end };
  } catch (thrown) {
    await end();
    throw thrown;
  }
}

/** Copies into a volume. Answers the file's name in it when it is a file; empty: a folder's content. */
export function fillVolume(
  work: MountWork,
  volume: string,
  origin: FileOrigin | null,
  path: string,
): Promise<string> {
  return origin?.kind === 'vertex'
    ? copyFromRoot(work, volume, origin, path)
    : writeFromContext(work, volume, origin?.name ?? null, path);
}

async function copyFromRoot(
  { parts, roots, signal }: MountWork,
  volume: string,
  { vertex }: Extract<FileOrigin, { kind: 'vertex' }>,
  path: string,
): Promise<string> {
  const chainIds = (roots.get(vertex) ?? []).map(({ chainId }) => chainId);
  const { resolved, files } = await parts.walk(chainIds, path, signal);
  const isFolder = files[0] !== undefined && isDirectory(files[0]);
  const name = isFolder ? '' : posix.basename(resolved);
  const copied = files
    .filter(({ path: inside }) => !isFolder || inside !== '')
    .map(({ path: inside }) => ({
      source: posix.join(resolved, inside),
      target: `/${isFolder ? inside : name}`,
      mode: null,
    }));
  await parts.host.copy(chainIds, copied, { volume }, null, { signal });
  return name;
}

async function writeFromContext(
  { parts, signal }: MountWork,
  volume: string,
  contextName: string | null,
  path: string,
): Promise<string> {
  const context = await parts.contextNamed(contextName);
  const { files } = await context.tree(signal);
  const sources = chooseFiles(files, path, []);
  const placed = place(sources, { destination: '/', isFolderThere: true, parents: false });
  const archive = packPlaced(placed, {
    read: (file) => context.read(file),
    modeOf: (mode) => mode & 0o7777,
    modifiedAt: ({ modifiedAt }) => modifiedAt ?? parts.modifiedAt(null),
  });
  const options = { noOverwriteDirNonDir: true, owner: null, signal };
  await parts.files.writeArchive({ volume }, '/', archive, options);
  const [source] = sources;
  return source === undefined || isDirectory(source.top) ? '' : posix.basename(source.top.path);
}

/** Those of commands that no engine has ended. */
export async function removeMountedFiles(volumes: VolumeStore, signal: AbortSignal): Promise<void> {
  for (const { spec } of await volumes.list({ signal })) {
    if (spec.name.startsWith(VOLUMES)) await volumes.remove(spec.name, null, { signal });
  }
}
