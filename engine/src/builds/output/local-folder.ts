import { createWriteStream } from 'node:fs';
import { chmod, link, lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar, { type Header } from 'tar-stream';
import { EngineError } from '../../errors/index.ts';
import { diskError, errnoOf } from '../../metadata/index.ts';

/** Permissions that are taken over: all, or none that lend somebody's rights to whoever runs the file. */
export type PermissionMask = 0o7777 | 0o777;

/**
 * Writes the files of an archive into a folder of this machine, as whoever runs the engine. Links are made last, so that
 * nothing is written through them; devices are left out.
 */
export async function unpackLocally(
  archive: AsyncIterable<Uint8Array>,
  folder: string,
  mask: PermissionMask,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const links: Header[] = [];
  const entries = tar.extract();
  const feeding = pipeline(Readable.from(archive), entries as unknown as Writable, { signal });
  feeding.catch(() => undefined);
  for await (const entry of entries) {
    const { header } = entry;
    if (header.type === 'symlink' || header.type === 'link') links.push(header);
    await writeEntry(folder, header, mask, entry as unknown as Readable);
  }
  await feeding;
  for (const header of links) if (header.type === 'link') await makeHardLink(folder, header);
  for (const header of links) if (header.type === 'symlink') await makeLink(folder, header);
}

async function writeEntry(
  folder: string,
  header: Header,
  mask: PermissionMask,
  bytes: Readable,
): Promise<void> {
  const path = placeOf(folder, header.name);
  const mode = header.mode & mask;
  if (header.type === 'directory') {
    await clearLinks(folder, header.name);
    await mkdir(path, { recursive: true });
    await chmod(path, mode | 0o700);
  } else if (header.type === 'file' || header.type === 'contiguous-file') {
    await clearLinks(folder, header.name);
    await mkdir(dirname(path), { recursive: true });
    await pipeline(bytes, createWriteStream(path, { mode: 0o600 }));
    await chmod(path, mode);
    return;
  }
  bytes.resume();
}

/** Before there are any others: its target is a file of this archive. */
async function makeHardLink(folder: string, { name, linkname }: Header): Promise<void> {
  const path = await emptyPlace(folder, name);
  await clearLinks(folder, linkname);
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
  await clearLinks(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true, recursive: true });
  return path;
}

/** What stands in the folder from before may be links that lead elsewhere: nothing is written through one. */
async function clearLinks(folder: string, name: string): Promise<void> {
  let path = folder;
  for (const part of inside(name)) {
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
