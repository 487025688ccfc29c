import { drain } from '../../lib/drain.ts';
import { fileSource, packTar, type TarSource } from '../../lib/tar/index.ts';
import type { FileStore } from './file-store.ts';

export interface UploadOptions {
  readonly signal: AbortSignal;
  /** Is told how many bytes have gone so far. */
  readonly progress?: (bytes: number) => void;
}

/** Puts files into a folder. Resolves when every byte is in place. */
export async function writeFiles(
  store: FileStore,
  folder: string,
  sources: AsyncIterable<TarSource> | Iterable<TarSource>,
  { signal, progress = () => undefined }: UploadOptions,
): Promise<void> {
  const sink = store.write(folder, { signal });
  let sent = 0;
  const send = async () => {
    for await (const piece of packTar(sources)) {
      await sink.send(piece);
      sent += piece.length;
      progress(sent);
    }
    sink.end();
  };
  await Promise.all([send(), drain(sink)]);
}

/** A file or an empty folder that a person gives, by its path from what they chose. */
export interface Given {
  readonly path: string;
  /** Null: a folder. */
  readonly file: File | null;
}

export function sourcesOf(given: readonly Given[]): readonly TarSource[] {
  return given.map(({ path, file }) =>
    file === null
      ? fileSource(path, { type: 'directory', mode: 0o755 })
      : fileSource(path, { sizeBytes: file.size, modifiedMs: file.lastModified, data: bytesOf(file) }),
  );
}

async function* bytesOf(file: File): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** Of a file field: a folder's files have their path in it. */
export function givenFiles(files: Iterable<File>): readonly Given[] {
  return [...files].map((file) => ({
    path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
    file,
  }));
}

/** What was dropped, whole folders with everything in them. To be called while the event is being handled. */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly Given[]> {
  const given = [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => {
      const entry = item.webkitGetAsEntry();
      if (entry !== null) return givenEntry(entry);
      // Some programs give a file that is in no folder.
      const file = item.getAsFile();
      return Promise.resolve(file === null ? [] : givenFiles([file]));
    });
  return (await Promise.all(given)).flat();
}

async function givenEntry(entry: FileSystemEntry): Promise<readonly Given[]> {
  const path = entry.fullPath.replace(/^\//, '');
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ path, file }];
  }
  if (!isFolder(entry)) return [];
  const inside: Given[] = [{ path, file: null }];
  const reader = entry.createReader();
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return inside;
    for (const each of batch) inside.push(...(await givenEntry(each)));
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
