import type { Mount } from '../dockerfile/index.ts';

/** One layer of a root that a build works on. */
export interface BuiltLayer {
  readonly diffId: string;
  readonly chainId: string;
  readonly usageBytes: number;
  /** Of the step that made it, ISO 8601; null of a base image's. */
  readonly createdAt: string | null;
}

/** Lowest first; none: an empty root. */
export type Root = readonly BuiltLayer[];

interface VertexBase {
  /** As the progress shows it. */
  readonly name: string;
  readonly stage: string;
  readonly instruction: string;
  readonly line: number | null;
  /** Never from the cache. */
  readonly isFresh: boolean;
  /** The latest time that a file may have, in seconds since 1970 (SOURCE_DATE_EPOCH); null: any. */
  readonly epoch: number | null;
}

/** Nothing to begin with, or a base image that is here. */
export interface BaseVertex extends VertexBase {
  readonly kind: 'base';
  readonly root: Root;
}

/** Where files are taken from. */
export type FileOrigin =
  | { readonly kind: 'context'; readonly name: string | null }
  | { readonly kind: 'vertex'; readonly vertex: Vertex };

export type CopySource =
  | { readonly kind: 'files'; readonly origin: FileOrigin; readonly path: string }
  | { readonly kind: 'inline'; readonly name: string; readonly content: string }
  | { readonly kind: 'url'; readonly url: string; readonly checksum: string | null }
  | {
      readonly kind: 'git';
      readonly url: string;
      readonly keepGitDir: boolean;
      readonly checksum: string | null;
    };

/** COPY and ADD. */
export interface CopyVertex extends VertexBase {
  readonly kind: 'copy';
  readonly parent: Vertex;
  readonly sources: readonly CopySource[];
  /** Absolute; ends in a slash when it is a folder for sure. */
  readonly destination: string;
  readonly chown: string | null;
  readonly chmod: string | null;
  readonly link: boolean;
  readonly parents: boolean;
  readonly exclude: readonly string[];
  /** Local archives are unpacked, remote ones as `unpackRemote` says. */
  readonly unpack: boolean;
  readonly unpackRemote: boolean;
}

/** WORKDIR makes its folder. */
export interface FolderVertex extends VertexBase {
  readonly kind: 'folder';
  readonly parent: Vertex;
  readonly path: string;
  /** As in USER. */
  readonly user: string;
}

export interface RunMount {
  readonly mount: Mount;
  /** Absolute. */
  readonly target: string;
  /** Of bind and cache mounts with `from`, and of bind mounts of the context. */
  readonly origin: FileOrigin | null;
}

export interface RunVertex extends VertexBase {
  readonly kind: 'run';
  readonly parent: Vertex;
  readonly args: readonly string[];
  readonly env: readonly string[];
  /** Proxies: seen by the command, and no part of what it is. */
  readonly hiddenEnv: readonly string[];
  readonly workingDir: string;
  readonly user: string;
  readonly network: 'default' | 'none' | 'host';
  readonly insecure: boolean;
  readonly mounts: readonly RunMount[];
}

export type Vertex = BaseVertex | CopyVertex | FolderVertex | RunVertex;

/** What must be there before a vertex. */
export function inputsOf(vertex: Vertex): readonly Vertex[] {
  switch (vertex.kind) {
    case 'base':
      return [];
    case 'folder':
      return [vertex.parent];
    case 'copy':
      return [
        vertex.parent,
        ...vertex.sources.flatMap((source) => (source.kind === 'files' ? from(source.origin) : [])),
      ];
    case 'run':
      return [vertex.parent, ...vertex.mounts.flatMap(({ origin }) => (origin === null ? [] : from(origin)))];
  }
}

function from(origin: FileOrigin): readonly Vertex[] {
  return origin.kind === 'vertex' ? [origin.vertex] : [];
}

/** All that the targets need, each after its inputs. */
export function inOrder(targets: readonly Vertex[]): readonly Vertex[] {
  const seen = new Set<Vertex>();
  const visit = (vertex: Vertex): void => {
    if (seen.has(vertex)) return;
    for (const input of inputsOf(vertex)) visit(input);
    seen.add(vertex);
  };
  for (const target of targets) visit(target);
  return [...seen];
}
