import type { EngineClient } from '@longshore/engine/contract';
import type { ArchivePiece, DirectoryEntry, PathStat, WrittenArchive } from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';
import type { ActionCommand } from '../commands/action-command.ts';
import { copyOutCommand } from '../commands/container-commands.ts';

interface Options {
  readonly signal?: AbortSignal;
}

export interface ArchiveSink extends AsyncIterable<WrittenArchive> {
  send(bytes: Uint8Array): Promise<void>;
  end(): void;
}

/** The files of one container or one volume: the same operations on either. Paths are absolute. */
export interface FileStore {
  /** Tells one from another in what the page remembers. */
  readonly key: readonly string[];
  list(path: string, options?: Options): AsyncIterable<readonly DirectoryEntry[]>;
  stat(path: string, options?: Options): Promise<PathStat>;
  read(path: string, options?: Options): AsyncIterable<ArchivePiece>;
  /** Unpacks a tar archive into a folder. */
  write(folder: string, options?: Options): ArchiveSink;
  remove(path: string): Promise<unknown>;
  makeFolder(path: string): Promise<unknown>;
  rename(path: string, newPath: string): Promise<unknown>;
  /** What brings a file or folder out; null where command lines have nothing for it. */
  readonly copyOut: ((path: string) => ActionCommand) | null;
}

export function containerFiles({ containers }: EngineClient, container: string): FileStore {
  return {
    key: ['container', container],
    list: (path, options) => containers.listDirectory({ container, path }, options),
    stat: (path, options) => containers.statPath({ container, path }, options),
    read: (path, options) => containers.readArchive({ container, path }, options),
    write: (path, options) => containers.writeArchive({ container, path }, options),
    remove: (path) => containers.removePath({ container, path, recursive: true }),
    makeFolder: (path) => containers.makeDirectory({ container, path }),
    rename: (path, newPath) => containers.renamePath({ container, path, newPath }),
    copyOut: (path) => copyOutCommand(shortId(container), path),
  };
}

export function volumeFiles({ volumes }: EngineClient, volume: string): FileStore {
  return {
    key: ['volume', volume],
    list: (path, options) => volumes.listDirectory({ volume, path }, options),
    stat: (path, options) => volumes.statPath({ volume, path }, options),
    read: (path, options) => volumes.readArchive({ volume, path }, options),
    write: (path, options) => volumes.writeArchive({ volume, path }, options),
    remove: (path) => volumes.removePath({ volume, path, recursive: true }),
    makeFolder: (path) => volumes.makeDirectory({ volume, path }),
    rename: (path, newPath) => volumes.renamePath({ volume, path, newPath }),
    copyOut: null,
  };
}
