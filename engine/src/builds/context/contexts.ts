import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { BuildRequest } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import { diskError, errnoOf } from '../../metadata/index.ts';
import type { WalkedFile } from '../../runtime/index.ts';
import { IgnoreRules } from '../dockerignore/index.ts';
import { ignoreFileNames } from '../dockerignore/ignore-rules.ts';
import type { ContextFiles } from '../executor/parts.ts';
import type { FileTree } from './file-tree.ts';
import { LocalContext } from './local-context.ts';

const DEFAULT_DOCKERFILE = 'Dockerfile';
/** Folders whose files' digests are remembered. */
const REMEMBERED = 64;

/** Folders that were built from before: what has not changed in them is not read again. */
export class KnownContexts {
  private readonly contexts = new Map<string, LocalContext>();

  at(path: string): LocalContext {
    const context = this.contexts.get(path) ?? new LocalContext(path);
    this.contexts.delete(path);
    this.contexts.set(path, context);
    const [oldest] = this.contexts.keys();
    if (this.contexts.size > REMEMBERED && oldest !== undefined) this.contexts.delete(oldest);
    return context;
  }
}

/** A folder as one build sees it: walked once. */
export class FolderFiles implements ContextFiles {
  private readonly context: LocalContext;
  private readonly ignore: IgnoreRules | null;
  private walked: Promise<FileTree> | null = null;

  constructor(context: LocalContext, ignore: IgnoreRules | null) {
    this.context = context;
    this.ignore = ignore;
  }

  tree(signal: AbortSignal): Promise<FileTree> {
    this.walked ??= this.context.tree(this.ignore, signal);
    return this.walked;
  }

  read(file: WalkedFile): AsyncIterable<Uint8Array> {
    return this.context.read(file);
  }
}

export const NO_FILES: ContextFiles = {
  tree: () => Promise.resolve({ files: [] }),
  read: () => {
    throw new Error('there are no files');
  },
};

export interface DockerfileSource {
  readonly text: string;
  readonly ignore: IgnoreRules | null;
  /** Names it among all Dockerfiles. */
  readonly identity: string;
}

/** The Dockerfile of a build, and the rules of what is left out beside it. */
export async function readDockerfile(
  request: BuildRequest,
  folder: string | null,
): Promise<DockerfileSource> {
  const name = request.dockerfile ?? DEFAULT_DOCKERFILE;
  const text = request.dockerfileText ?? (await required(pathOf(folder, name)));
  const ignored = folder === null ? null : await ignoreText(folder, name);
  const identity = createHash('sha256')
    .update(`${folder ?? ''}\0${name}`)
    .digest('hex');
  return { text, ignore: ignored === null ? null : IgnoreRules.parse(ignored), identity };
}

async function ignoreText(folder: string, dockerfile: string): Promise<string | null> {
  for (const name of ignoreFileNames(dockerfile)) {
    const text = await optional(pathOf(folder, name));
    if (text !== null) return text;
  }
  return null;
}

function pathOf(folder: string | null, name: string): string {
  if (isAbsolute(name)) return name;
  if (folder !== null) return join(folder, name);
  throw new EngineError('invalid-argument', 'A build without a folder needs a Dockerfile.', {
    detail: { step: 'dockerfile', path: name },
    hint: 'Give it: -f FILE, or -f - to write it to the input.',
  });
}

async function required(path: string): Promise<string> {
  const text = await optional(path);
  if (text !== null) return text;
  throw new EngineError('not-found', `There is no Dockerfile ${path}.`, {
    detail: { step: 'dockerfile', path },
    hint: 'Name it with -f, or build another folder.',
  });
}

async function optional(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT' || errnoOf(thrown) === 'ENOTDIR') return null;
    throw diskError(thrown, path);
  }
}
