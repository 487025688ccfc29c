import type { ArchivePiece, DirectoryEntry, PathStat, WrittenArchive } from '../types/index.ts';
import type { InputOf } from './handler-input.ts';
import type { Parts } from './parts.ts';
import { noSuchVolume } from './refused.ts';

/** The files of volumes, whether somebody has them or not. */
export class VolumeFiles {
  private readonly parts: Pick<Parts, 'files' | 'records'>;

  constructor(parts: Pick<Parts, 'files' | 'records'>) {
    this.parts = parts;
  }

  async stat({ volume, path }: InputOf<'statPath'>, signal: AbortSignal): Promise<PathStat> {
    return this.parts.files.stat(this.target(volume), path, { signal });
  }

  list(
    { volume, path }: InputOf<'listDirectory'>,
    signal: AbortSignal,
  ): AsyncIterable<readonly DirectoryEntry[]> {
    return this.parts.files.list(this.target(volume), path, { signal });
  }

  read({ volume, path }: InputOf<'readArchive'>, signal: AbortSignal): AsyncIterable<ArchivePiece> {
    return this.parts.files.readArchive(this.target(volume), path, { signal });
  }

  async *write(
    { volume, path, noOverwriteDirNonDir, copyUidGid }: InputOf<'writeArchive'>,
    archive: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncIterable<WrittenArchive> {
    let receivedBytes = 0;
    const counted = (async function* () {
      for await (const piece of archive) {
        receivedBytes += piece.byteLength;
        yield piece;
      }
    })();
    const options = { noOverwriteDirNonDir, owner: copyUidGid ? '0' : null, signal };
    await this.parts.files.writeArchive(this.target(volume), path, counted, options);
    yield { receivedBytes };
  }

  async remove(
    { volume, path, recursive }: InputOf<'removePath'>,
    signal: AbortSignal,
  ): Promise<{ readonly path: string }> {
    await this.parts.files.remove(this.target(volume), path, recursive, { signal });
    return { path };
  }

  async makeDirectory(
    { volume, path, mode }: InputOf<'makeDirectory'>,
    signal: AbortSignal,
  ): Promise<PathStat> {
    return this.parts.files.makeDirectory(this.target(volume), path, mode, { signal });
  }

  async rename({ volume, path, newPath }: InputOf<'renamePath'>, signal: AbortSignal): Promise<PathStat> {
    return this.parts.files.rename(this.target(volume), path, newPath, { signal });
  }

  private target(volume: string): { readonly volume: string } {
    if (this.parts.records.get(volume) === undefined) throw noSuchVolume(volume);
    return { volume };
  }
}
