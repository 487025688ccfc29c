import { createHash } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import type { BuildRequest } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import { IgnoreRules } from '../dockerignore/index.ts';
import { ignoreFileNames } from '../dockerignore/ignore-rules.ts';
import { readTextFile } from './text-file.ts';

const DEFAULT_DOCKERFILE = 'Dockerfile';

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
  const text = request.dockerfileText ?? (await required(folder, name));
  const ignored = folder === null ? null : await ignoreText(folder, name);
  const identity = createHash('sha256')
    .update(`${placeOf(request)}\0${name}`)
    .digest('hex');
  return { text, ignore: ignored === null ? null : IgnoreRules.parse(ignored), identity };
}

/** What comes anew for each build has another folder each time. */
function placeOf({ context }: BuildRequest): string {
  if (context.kind === 'folder') return context.path;
  return context.kind === 'git' ? context.url : context.kind;
}

async function ignoreText(folder: string, dockerfile: string): Promise<string | null> {
  for (const name of ignoreFileNames(dockerfile)) {
    const text = await textOf(folder, name);
    if (text !== null) return text;
  }
  return null;
}

/** An absolute name is what the person has named, wherever it leads; another one stays in the folder. */
function textOf(folder: string | null, name: string): Promise<string | null> {
  if (isAbsolute(name)) return readTextFile(name, null);
  if (folder !== null) return readTextFile(join(folder, name), folder);
  throw new EngineError('invalid-argument', 'A build without a folder needs a Dockerfile.', {
    detail: { step: 'dockerfile', path: name },
    hint: 'Give it: -f FILE, or -f - to write it to the input.',
  });
}

async function required(folder: string | null, name: string): Promise<string> {
  const text = await textOf(folder, name);
  if (text !== null) return text;
  throw new EngineError('not-found', `There is no Dockerfile ${name}.`, {
    detail: { step: 'dockerfile', path: name },
    hint: 'Name it with -f, or build another folder.',
  });
}
