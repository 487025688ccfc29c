import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '../../../errors/index.ts';
import { errnoOf } from '../../../metadata/index.ts';
import type { CopySource, CopyTarget } from './copy-plan.ts';
import { followed, splitPath, withEndingOf } from './paths.ts';
import { inWords } from './local-error.ts';

const MAX_LINKS = 10;

/** A source on this machine: links on the way are followed, one at its end with `-L`, or when a slash comes after it. */
export async function localSource(written: string, followLink: boolean): Promise<CopySource> {
  const absolute = withEndingOf(path.resolve(written), written);
  const source = followLink ? await followedSource(absolute) : await plainSource(absolute);
  const found = await inWords('lstat', source.path, () => lstat(source.path));
  return { ...source, isDirectory: found.isDirectory() };
}

async function followedSource(absolute: string): Promise<Omit<CopySource, 'isDirectory'>> {
  return followed(absolute, await inWords('lstat', absolute, () => realpath(absolute)));
}

async function plainSource(absolute: string): Promise<Omit<CopySource, 'isDirectory'>> {
  const slash = absolute.lastIndexOf('/') + 1;
  const name = absolute.slice(slash);
  const parent = await inWords('lstat', absolute, () => realpath(absolute.slice(0, slash)));
  if (name !== '') return { path: path.posix.join(parent, '/') + name, calledBy: null };
  return followed(absolute, parent);
}

/** A target on this machine; its parent must be there. A link is followed, even to where nothing is yet. */
export async function localTarget(written: string): Promise<CopyTarget> {
  let target = withEndingOf(path.resolve(written), written);
  for (let links = 0; ; links++) {
    const found = await lstatOrNull(target);
    if (found === null) return missingTarget(target);
    if (!found.isSymbolicLink()) {
      if (!found.isDirectory() && !found.isFile()) throw notAPlace(target);
      return { path: target, kind: found.isDirectory() ? 'directory' : 'other' };
    }
    if (links >= MAX_LINKS) {
      throw new EngineError('invalid-argument', `too many symlinks in ${written}`, {
        detail: { path: written },
      });
    }
    target = path.resolve(splitPath(target).directory, await readlink(target));
  }
}

async function missingTarget(target: string): Promise<CopyTarget> {
  const { directory } = splitPath(target);
  try {
    if ((await stat(directory)).isDirectory()) return { path: target, kind: 'missing' };
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ENOENT') throw thrown;
    throw new EngineError('not-found', `invalid output path: directory "${directory}" does not exist`, {
      detail: { errno: 'ENOENT', path: directory },
    });
  }
  throw new EngineError('invalid-argument', 'not a directory', {
    detail: { errno: 'ENOTDIR', path: directory },
  });
}

async function lstatOrNull(target: string) {
  try {
    return await inWords('lstat', target, () => lstat(target));
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.detail.errno === 'ENOENT') return null;
    throw thrown;
  }
}

function notAPlace(target: string): EngineError {
  return new EngineError(
    'invalid-argument',
    `invalid output path: "${target}" must be a directory or a regular file`,
    { detail: { path: target } },
  );
}
