import { EngineError, isEngineError } from '../../errors/index.ts';
import type { ContainerTarget } from '../../runtime/index.ts';
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
      return await this.parts.files.stat(filesOf(container), path, { signal });
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
      yield* this.parts.files.list(filesOf(container), path, { signal });
    } catch (thrown) {
      throw inWordsOfCopy(thrown, container, path);
    }
  }

  async remove(
    container: Container,
    { path, recursive }: InputOf<'removePath'>,
    signal: AbortSignal,
  ): Promise<{ readonly path: string }> {
    await this.parts.files.remove(filesOf(container), path, recursive, { signal });
    return { path };
  }

  makeDirectory(
    container: Container,
    { path, mode }: InputOf<'makeDirectory'>,
    signal: AbortSignal,
  ): Promise<PathStat> {
    return this.parts.files.makeDirectory(filesOf(container), path, mode, { signal });
  }

  rename(
    container: Container,
    { path, newPath }: InputOf<'renamePath'>,
    signal: AbortSignal,
  ): Promise<PathStat> {
    return this.parts.files.rename(filesOf(container), path, newPath, { signal });
  }

  async *read(container: Container, path: string, signal: AbortSignal): AsyncIterable<ArchivePiece> {
    try {
      for await (const piece of this.parts.files.readArchive(filesOf(container), path, { signal })) {
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
      const options = { noOverwriteDirNonDir, owner, signal };
      await this.parts.files.writeArchive(filesOf(container), path, counted, options);
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
}

export function filesOf({ record: { id, chainIds, spec } }: Container): ContainerTarget {
  return { id, rootfs: { chainIds, readOnly: spec.readOnlyRootfs } };
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
