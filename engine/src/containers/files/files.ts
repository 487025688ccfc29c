import { EngineError, isEngineError } from '../../errors/index.ts';
import type {
  ArchivePiece,
  ContainerUsage,
  DirectoryEntry,
  FileChange,
  PathStat,
  WrittenArchive,
} from '../../types/index.ts';
import type { Container } from '../container.ts';
import { publishContainer } from '../container-events.ts';
import type { InputOf } from '../handler-input.ts';
import type { Parts } from '../parts.ts';
import { type FilePlace, filesOf, ownNameOf, placeOf, statFrom, writablePlaceOf } from './file-place.ts';
import { renamedRoot } from './renamed-archive.ts';

/** The files of containers, running or not: what changed, what is at a path, archives in and out. */
export class Files {
  private readonly parts: Pick<Parts, 'files' | 'events'>;

  constructor(parts: Pick<Parts, 'files' | 'events'>) {
    this.parts = parts;
  }

  changes(container: Container, signal: AbortSignal): AsyncIterable<readonly FileChange[]> {
    return this.parts.files.changes(filesOf(container), { signal });
  }

  /** None named: of all. */
  usage(containers: readonly Container[], signal: AbortSignal): AsyncIterable<ContainerUsage> {
    return this.parts.files.usage(
      containers.map(({ id }) => id),
      { signal },
    );
  }

  async stat(container: Container, path: string, signal: AbortSignal): Promise<PathStat> {
    try {
      const place = placeOf(container, path);
      return statFrom(place, await this.parts.files.stat(place.target, place.path, { signal }));
    } catch (thrown) {
      throw inWordsOfCopy(thrown, container, path);
    }
  }

  async *list(
    container: Container,
    path: string,
    signal: AbortSignal,
  ): AsyncIterable<readonly DirectoryEntry[]> {
    try {
      const place = placeOf(container, path);
      yield* this.parts.files.list(place.target, place.path, { signal });
    } catch (thrown) {
      throw inWordsOfCopy(thrown, container, path);
    }
  }

  async remove(
    container: Container,
    { path, recursive }: InputOf<'removePath'>,
    signal: AbortSignal,
  ): Promise<{ readonly path: string }> {
    const place = ownNameOf(container, path);
    await this.parts.files.remove(place.target, place.path, recursive, { signal });
    return { path };
  }

  makeDirectory(
    container: Container,
    { path, mode }: InputOf<'makeDirectory'>,
    signal: AbortSignal,
  ): Promise<PathStat> {
    const place = writablePlaceOf(container, path);
    return this.parts.files.makeDirectory(place.target, place.path, mode, { signal });
  }

  rename(
    container: Container,
    { path, newPath }: InputOf<'renamePath'>,
    signal: AbortSignal,
  ): Promise<PathStat> {
    const from = ownNameOf(container, path);
    const to = ownNameOf(container, newPath);
    if (from.mount !== to.mount) throw betweenMounts(path, newPath);
    return this.parts.files.rename(from.target, from.path, to.path, { signal });
  }

  async *read(container: Container, path: string, signal: AbortSignal): AsyncIterable<ArchivePiece> {
    try {
      for await (const piece of this.readPlace(placeOf(container, path), signal)) {
        if (piece.kind === 'stat') publishContainer(this.parts.events, 'archive-path', container);
        yield piece;
      }
    } catch (thrown) {
      throw inWordsOfCopy(thrown, container, path);
    }
  }

  async *write(
    container: Container,
    { path, noOverwriteDirNonDir, copyUidGid }: InputOf<'writeArchive'>,
    archive: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncIterable<WrittenArchive> {
    const { user } = container.record.spec;
    // Docker's rule: without a user of its own a container takes owners as they come.
    const owner = copyUidGid && user !== '' ? user : null;
    let receivedBytes = 0;
    const counted = counting(archive, (bytes) => (receivedBytes += bytes));
    try {
      const place = writablePlaceOf(container, path);
      const options = { noOverwriteDirNonDir, owner: ownerIn(place, owner), signal };
      await this.parts.files.writeArchive(place.target, place.path, counted, options);
    } catch (thrown) {
      throw inWordsOfCopy(thrown, container, path);
    }
    publishContainer(this.parts.events, 'extract-to-dir', container);
    yield { receivedBytes };
  }

  async *export(container: Container, signal: AbortSignal): AsyncIterable<Uint8Array> {
    publishContainer(this.parts.events, 'export', container);
    yield* this.parts.files.export(filesOf(container), { signal });
  }

  /** Of a volume as a whole the entries begin with the name that its place in the container has. */
  private async *readPlace(place: FilePlace, signal: AbortSignal): AsyncIterable<ArchivePiece> {
    const pieces = this.parts.files.readArchive(place.target, place.path, { signal });
    if (!place.isMount) {
      yield* pieces;
      return;
    }
    const iterator = pieces[Symbol.asyncIterator]();
    try {
      const first = await iterator.next();
      if (first.done === true || first.value.kind !== 'stat') return;
      const stat = statFrom(place, first.value.stat);
      yield { kind: 'stat', stat };
      const bytes = dataOf({ [Symbol.asyncIterator]: () => iterator });
      const names = { from: first.value.stat.name, to: stat.name };
      for await (const data of renamedRoot(bytes, names)) yield { kind: 'data', data };
    } finally {
      await iterator.return?.();
    }
  }
}

async function* dataOf(pieces: AsyncIterable<ArchivePiece>): AsyncIterable<Uint8Array> {
  for await (const piece of pieces) if (piece.kind === 'data') yield piece.data;
}

/** A volume has no list of users to look a name up in. */
function ownerIn({ mount }: FilePlace, owner: string | null): string | null {
  return mount === null || owner === null || /^\d+(:\d+)?$/.test(owner) ? owner : null;
}

function betweenMounts(path: string, newPath: string): EngineError {
  return new EngineError('failed-precondition', `${newPath} is not in the same place as ${path}.`, {
    detail: { step: 'rename', path: newPath },
    hint: 'One of them is in a volume: copy it, and remove it where it was.',
  });
}

async function* counting(
  pieces: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncIterable<Uint8Array> {
  for await (const piece of pieces) {
    count(piece.byteLength);
    yield piece;
  }
}

/** Docker's sentence for a path that is not there, which people and scripts know. */
function inWordsOfCopy(thrown: unknown, container: Container, path: string): unknown {
  if (!isEngineError(thrown, 'not-found')) return thrown;
  return new EngineError('not-found', `Could not find the file ${path} in container ${container.name}`, {
    detail: { ...thrown.detail, path },
    cause: thrown,
  });
}
