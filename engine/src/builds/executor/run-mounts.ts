import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { EngineError, isEngineError } from '../../errors/index.ts';
import { BUILD_VOLUMES } from '../../runtime/index.ts';
import type { ContainerMount } from '../../types/index.ts';
import { chooseFiles } from '../context/choose.ts';
import { isDirectory } from '../context/file-tree.ts';
import type { CacheMount, SecretMount } from '../dockerfile/index.ts';
import type { FileOrigin, RunMount, RunVertex } from '../graph/vertex.ts';
import type { Roots } from '../solver/solver.ts';
import { packPlaced } from './archive.ts';
import { place } from './destination.ts';
import type { ExecutorParts } from './parts.ts';
import type { WorkContainer } from './work-container.ts';

export interface RunSurroundings {
  readonly mounts: readonly ContainerMount[];
  readonly env: readonly string[];
}

type Prepared = RunSurroundings & { readonly end?: () => Promise<void> };

/** Cache mounts that one command at a time may have (`sharing=locked`), by volume. */
const locked = new Map<string, Promise<void>>();

/** Prepares what a command mounts, and takes it away again with the places that were made to mount on. */
export async function withMounts(
  parts: ExecutorParts,
  { mounts }: RunVertex,
  roots: Roots,
  work: WorkContainer,
  signal: AbortSignal,
  run: (around: RunSurroundings) => Promise<void>,
): Promise<void> {
  const prepared: Prepared[] = [];
  try {
    for (const mount of mounts) prepared.push(await prepare(parts, mount, roots, signal));
    const around = {
      mounts: prepared.flatMap((each) => each.mounts),
      env: prepared.flatMap((each) => each.env),
    };
    const places = await missingPlaces(parts, work, around.mounts, signal);
    await run(around);
    // The innermost first; what the command has put there stays.
    for (const path of places.reverse()) await removeStub(parts, work, path, signal);
  } finally {
    for (const { end } of prepared.reverse()) await end?.();
  }
}

function prepare(
  parts: ExecutorParts,
  { mount, target, origin }: RunMount,
  roots: Roots,
  signal: AbortSignal,
): Promise<Prepared> {
  switch (mount.type) {
    case 'bind':
      return files(parts, { origin, path: mount.source, target, readOnly: mount.readOnly }, roots, signal);
    case 'cache':
      return cache(parts, mount, target, signal);
    case 'tmpfs': {
      const tmpfs = { type: 'tmpfs', target, sizeBytes: mount.size, mode: null, options: ['exec'] } as const;
      return Promise.resolve({ mounts: [tmpfs], env: [] });
    }
    case 'secret':
      return secret(parts, mount, target);
    case 'ssh':
      return Promise.resolve(ssh(parts, mount.id, target, mount.required));
  }
}

interface MountedFiles {
  readonly origin: FileOrigin | null;
  readonly path: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** A copy of its own: what the command writes to it is gone afterwards, and a link in the source leads nowhere else. */
async function files(
  parts: ExecutorParts,
  { origin, path, target, readOnly }: MountedFiles,
  roots: Roots,
  signal: AbortSignal,
): Promise<Prepared> {
  const name = `${BUILD_VOLUMES}${randomBytes(16).toString('hex')}`;
  await parts.volumes.create({ name, options: {}, record: '' }, { signal });
  const end = async (): Promise<void> => {
    await parts.volumes.remove(name, null).catch(() => undefined);
  };
  try {
    const subpath = await fill(parts, name, origin, path, roots, signal);
    const volume = { type: 'volume', source: name, target, readOnly, subpath } as const;
    return { mounts: [{ ...volume, noCopy: true, anonymous: false }], env: [], end };
  } catch (thrown) {
    await end();
    throw thrown;
  }
}

/** Answers the file's name in the volume when it is a file that is mounted. */
async function fill(
  parts: ExecutorParts,
  volume: string,
  origin: FileOrigin | null,
  path: string,
  roots: Roots,
  signal: AbortSignal,
): Promise<string> {
  if (origin?.kind === 'vertex') {
    const chainIds = (roots.get(origin.vertex) ?? []).map(({ chainId }) => chainId);
    const { resolved, files: walked } = await parts.walk(chainIds, posix.resolve('/', path), signal);
    const isFolder = walked[0] !== undefined && isDirectory(walked[0]);
    const name = isFolder ? '' : posix.basename(resolved);
    const copied = walked
      .filter(({ path: inside }) => !isFolder || inside !== '')
      .map(({ path: inside }) => ({
        source: posix.join(resolved, inside),
        target: `/${isFolder ? inside : name}`,
        mode: null,
      }));
    await parts.host.copy(chainIds, copied, { volume }, null, { signal });
    return name;
  }
  const context = parts.contextNamed(origin?.name ?? null);
  const { files: found } = await context.tree(signal);
  const sources = chooseFiles(found, path === '' ? '/' : path, []);
  const [top] = sources;
  const placed = place(sources, { destination: '/', isFolderThere: true, parents: false });
  const archive = packPlaced(placed, {
    read: (file) => context.read(file),
    modeOf: (mode) => mode & 0o7777,
    modifiedAt: () => parts.modifiedAt(null),
  });
  await parts.files.writeArchive({ volume }, '/', archive, {
    noOverwriteDirNonDir: true,
    owner: null,
    signal,
  });
  return top === undefined || isDirectory(top.top) ? '' : posix.basename(top.top.path);
}

async function cache(
  parts: ExecutorParts,
  mount: CacheMount,
  target: string,
  signal: AbortSignal,
): Promise<Prepared> {
  const id = mount.id ?? target;
  const digest = createHash('sha256').update(id).digest('hex').slice(0, 32);
  const name = `${BUILD_VOLUMES}cache-${digest}`;
  const release = mount.sharing === 'shared' ? async (): Promise<void> => {} : await lock(name);
  try {
    await parts.volumes.create({ name, options: {}, record: '' }, { signal });
  } catch (thrown) {
    await release();
    throw thrown;
  }
  const { readOnly } = mount;
  const volume = { type: 'volume', source: name, target, readOnly, subpath: '', noCopy: true } as const;
  return { mounts: [{ ...volume, anonymous: false }], env: [], end: release };
}

async function lock(name: string): Promise<() => Promise<void>> {
  const before = locked.get(name) ?? Promise.resolve();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const mine = before.then(() => held);
  locked.set(name, mine);
  await before;
  return () => {
    release();
    if (locked.get(name) === mine) locked.delete(name);
    return Promise.resolve();
  };
}

/** A file that only the command sees, and that is no part of any layer. */
async function secret(parts: ExecutorParts, mount: SecretMount, target: string): Promise<Prepared> {
  const value = parts.request.secrets[mount.id];
  if (value === undefined) {
    if (!mount.required) return { mounts: [], env: [] };
    throw new EngineError('invalid-argument', `The build has no secret "${mount.id}".`, {
      detail: { step: 'secret', path: mount.id },
      hint: `Give it: --secret id=${mount.id},src=FILE.`,
    });
  }
  const env = mount.env === null ? [] : [`${mount.env}=${Buffer.from(value).toString('utf8')}`];
  if (mount.env !== null && mount.target === null) return { mounts: [], env };
  const path = join(parts.secretsDir, randomBytes(16).toString('hex'));
  await mkdir(parts.secretsDir, { recursive: true, mode: 0o700 });
  await writeFile(path, value, { flag: 'wx', mode: 0o600 });
  await chmod(path, mount.mode ?? 0o400);
  if (process.getuid?.() === 0) await chown(path, mount.uid ?? 0, mount.gid ?? 0);
  return { mounts: [bind(path, target, true)], env, end: () => rm(path, { force: true }) };
}

function ssh({ request }: ExecutorParts, id: string, target: string, required: boolean): Prepared {
  const socket = request.ssh[id];
  if (socket !== undefined) {
    return { mounts: [bind(socket, target, false)], env: [`SSH_AUTH_SOCK=${target}`] };
  }
  if (!required) return { mounts: [], env: [] };
  throw new EngineError('invalid-argument', `The build has no ssh agent "${id}".`, {
    detail: { step: 'ssh', path: id },
    hint: `Give it: --ssh ${id}.`,
  });
}

function bind(source: string, target: string, readOnly: boolean): ContainerMount {
  return {
    type: 'bind',
    source,
    target,
    readOnly,
    createSource: false,
    propagation: 'rprivate',
    recursive: true,
  };
}

/** The places of mounts, and folders around them, that are not there yet; the outermost first. */
async function missingPlaces(
  parts: ExecutorParts,
  { target }: WorkContainer,
  mounts: readonly ContainerMount[],
  signal: AbortSignal,
): Promise<string[]> {
  const missing = new Set<string>();
  for (const mount of mounts) {
    const names = mount.target.split('/').filter((name) => name !== '');
    for (let depth = 1; depth <= names.length; depth++) {
      const path = `/${names.slice(0, depth).join('/')}`;
      if (!(await isThere(parts, target, path, signal))) missing.add(path);
    }
  }
  return [...missing];
}

async function isThere(
  { files: reader }: ExecutorParts,
  target: WorkContainer['target'],
  path: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await reader.stat(target, path, { signal });
    return true;
  } catch (thrown) {
    if (isEngineError(thrown, 'not-found')) return false;
    throw thrown;
  }
}

async function removeStub(
  parts: ExecutorParts,
  { target }: WorkContainer,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { sizeBytes, mode } = await parts.files.stat(target, path, { signal });
    if (!isDirectory({ mode }) && sizeBytes > 0) return;
    await parts.files.remove(target, path, false, { signal });
  } catch (thrown) {
    if (!isEngineError(thrown, 'failed-precondition') && !isEngineError(thrown, 'not-found')) throw thrown;
  }
}
