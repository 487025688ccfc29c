import { createHash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { chmod, type FileHandle, link, lstat, mkdir, open, readlink, rm, symlink } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar, { type Header } from 'tar-stream';
import { EngineError } from '../errors/index.ts';
import { diskError, errnoOf } from '../metadata/index.ts';
import { factsOf, type KnownFiles } from './context/known-files.ts';

/** Permissions that are taken over: all, or none that lend somebody's rights to whoever runs the file. */
export type PermissionMask = 0o7777 | 0o777;

const { O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;
const OVER = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW;

interface Writing {
  readonly folders: RealFolders;
  readonly mask: PermissionMask;
  readonly known: KnownFiles | undefined;
}

/**
 * Writes the files of an archive into a folder of this machine, as whoever runs the engine. Links are made last, so that
 * nothing is written through them; devices are left out. `known` learns the digests of what is written.
 */
export async function unpackLocally(
  archive: AsyncIterable<Uint8Array>,
  folder: string,
  mask: PermissionMask,
  signal: AbortSignal,
  known?: KnownFiles,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const links: Header[] = [];
  const writing = { folders: new RealFolders(folder), mask, known };
  const entries = tar.extract();
  const feeding = pipeline(Readable.from(archive), entries as unknown as Writable, { signal });
  // Whoever reads the entries hears of it as well; a rejection that nobody awaits ends the engine.
  feeding.catch(() => undefined);
  for await (const entry of entries) {
    const { header } = entry;
    if (header.type === 'symlink' || header.type === 'link') links.push(header);
    await writeEntry(writing, header, entry as unknown as Readable);
  }
  await feeding;
  for (const header of links) if (header.type === 'link') await makeHardLink(folder, header);
  for (const header of links) if (header.type === 'symlink') await makeLink(folder, header);
}

/** Folders that were made, or found to be no links; they stay that as long as no links are made. */
class RealFolders {
  private readonly root: string;
  private readonly known = new Set<string>();

  constructor(root: string) {
    this.root = root;
  }

  /** Its path, with all above it; none of them is a link. */
  async make(parts: readonly string[]): Promise<string> {
    const path = join(this.root, ...parts);
    if (this.known.has(path)) return path;
    await clearLinks(this.root, parts);
    await mkdir(path, { recursive: true });
    for (let length = 1; length <= parts.length; length++)
      this.known.add(join(this.root, ...parts.slice(0, length)));
    return path;
  }
}

async function writeEntry({ folders, mask, known }: Writing, header: Header, bytes: Readable): Promise<void> {
  const parts = inside(header.name);
  const mode = header.mode & mask;
  if (header.type === 'directory') await chmod(await folders.make(parts), mode | 0o700);
  const name = parts.at(-1);
  if ((header.type === 'file' || header.type === 'contiguous-file') && name !== undefined) {
    const path = join(await folders.make(parts.slice(0, -1)), name);
    if (known === undefined) await writeOver(path, mode, bytes);
    else await writeAndLearn(path, mode, bytes, { known, name: parts.join('/') });
    return;
  }
  bytes.resume();
}

/** Who reads the folder next need not read this file. */
async function writeAndLearn(
  path: string,
  mode: number,
  bytes: Readable,
  { known, name }: { readonly known: KnownFiles; readonly name: string },
): Promise<void> {
  const hash = createHash('sha256');
  const stat = await writeOver(path, mode, bytes, (piece) => hash.update(piece));
  known.set(name, { facts: factsOf(stat), digest: hash.digest('hex') });
}

async function writeOver(
  path: string,
  mode: number,
  bytes: Readable,
  onPiece?: (piece: Uint8Array) => void,
): Promise<BigIntStats> {
  const file = await openOver(path, mode);
  try {
    for await (const piece of bytes as AsyncIterable<Uint8Array>) {
      onPiece?.(piece);
      await file.writeFile(piece);
    }
    const stat = await file.stat({ bigint: true });
    if ((Number(stat.mode) & 0o7777) === mode) return stat;
    // The umask took some away, or the file was there with others.
    await file.chmod(mode);
    return await file.stat({ bigint: true });
  } finally {
    await file.close();
  }
}

/** What is there may be a link that leads elsewhere: it goes. */
async function openOver(path: string, mode: number): Promise<FileHandle> {
  try {
    return await open(path, OVER, mode);
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ELOOP') throw thrown;
    await rm(path);
    return open(path, OVER, mode);
  }
}

/** Before there are any others: its target is a file of this archive. */
async function makeHardLink(folder: string, { name, linkname }: Header): Promise<void> {
  const path = await emptyPlace(folder, name);
  await clearLinks(folder, inside(linkname));
  await link(placeOf(folder, linkname), path).catch((cause: unknown) => {
    if (errnoOf(cause) !== 'ENOENT') throw diskError(cause, path);
    throw new EngineError(
      'invalid-argument',
      `"${name}" is a link to a file that the archive does not have.`,
      {
        detail: { step: 'unpack', path: name },
        cause,
      },
    );
  });
}

async function makeLink(folder: string, { name, linkname }: Header): Promise<void> {
  await symlink(linkname, await emptyPlace(folder, name));
}

async function emptyPlace(folder: string, name: string): Promise<string> {
  const path = placeOf(folder, name);
  await clearLinks(folder, inside(name));
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true, recursive: true });
  return path;
}

/** What stands in the folder from before may be links that lead elsewhere: nothing is written through one. */
async function clearLinks(folder: string, parts: readonly string[]): Promise<void> {
  let path = folder;
  for (const part of parts) {
    path = join(path, part);
    const isLink = await lstat(path).then(
      (stat) => stat.isSymbolicLink(),
      () => false,
    );
    if (isLink && (await readlink(path)) !== '') await rm(path);
  }
}

function placeOf(folder: string, name: string): string {
  return join(folder, ...inside(name));
}

function inside(name: string): readonly string[] {
  if (name.includes('\0')) throw diskError(new Error('a name holds a NUL'), name);
  return posix
    .resolve('/', name)
    .split('/')
    .filter((part) => part !== '');
}
