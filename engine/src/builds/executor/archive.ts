import tar from 'tar-stream';
import type { WalkedFile } from '../../runtime/index.ts';
import { isDirectory, isLink, isRegular } from '../context/file-tree.ts';
import type { Placed } from './destination.ts';

type Archive = ReturnType<typeof tar.pack>;
type Header = Parameters<Archive['entry']>[0];

export interface ArchiveOptions {
  readonly read: (file: WalkedFile) => AsyncIterable<Uint8Array>;
  readonly modeOf: (mode: number) => number;
  /** Of every entry. */
  readonly modifiedAt: (file: WalkedFile) => Date;
}

export interface PackedFolder {
  /** Relative. */
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Folders with nothing in them. */
export function packFolders(folders: readonly PackedFolder[], modifiedAt: Date): AsyncIterable<Uint8Array> {
  const archive = tar.pack();
  for (const folder of folders) archive.entry({ ...folder, type: 'directory', mtime: modifiedAt });
  archive.finalize();
  return archive as unknown as AsyncIterable<Uint8Array>;
}

/** What was placed, as a tar archive that belongs to root. Sockets and devices are left out. */
export function packPlaced(placed: readonly Placed[], options: ArchiveOptions): AsyncIterable<Uint8Array> {
  const archive = tar.pack();
  const writing = write(archive, placed, options);
  writing.catch((thrown: unknown) => archive.destroy(thrown instanceof Error ? thrown : undefined));
  // tar-stream brings its own stream library, whose streams are read as Node's are.
  return archive as unknown as AsyncIterable<Uint8Array>;
}

async function write(
  archive: Archive,
  placed: readonly Placed[],
  { read, modeOf, modifiedAt }: ArchiveOptions,
): Promise<void> {
  for (const { file, target } of placed) {
    const name = target.replace(/^\/+|\/+$/g, '');
    const common = { name, uid: 0, gid: 0, mtime: modifiedAt(file) };
    if (isDirectory(file)) await entry(archive, { ...common, type: 'directory', mode: modeOf(file.mode) });
    else if (isLink(file)) {
      await entry(archive, { ...common, type: 'symlink', linkname: file.linkTarget, mode: 0o777 });
    } else if (isRegular(file)) {
      const header: Header = { ...common, type: 'file', size: file.size, mode: modeOf(file.mode) };
      await content(archive, header, read(file));
    }
  }
  archive.finalize();
}

function entry(archive: Archive, header: Header): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry(header, (error) => (error ? reject(error) : resolve()));
  });
}

async function content(archive: Archive, header: Header, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  let ended: (error?: Error | null) => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => {
    ended = (error) => (error ? reject(error) : resolve());
  });
  const sink = archive.entry(header, (error) => ended(error));
  // Whoever reads the archive may leave: the entry fails with it, and an error that nobody hears ends the engine.
  sink.on('error', (error: Error) => ended(error));
  done.catch(() => undefined);
  for await (const piece of bytes) {
    if (sink.write(piece)) continue;
    const drained = new Promise<void>((resolve) => void sink.once('drain', () => resolve()));
    await Promise.race([drained, done]);
  }
  sink.end(undefined);
  await done;
}
