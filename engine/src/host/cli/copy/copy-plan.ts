import { EngineError } from '../../../errors/index.ts';
import { saysDirectory, splitPath } from './paths.ts';

export interface CopySource {
  readonly path: string;
  readonly isDirectory: boolean;
  /** What the copy is called where the source's own name is not what the person wrote; else null. */
  readonly calledBy: string | null;
}

export interface CopyTarget {
  readonly path: string;
  readonly kind: 'missing' | 'directory' | 'other';
}

/** Where an archive of the source is unpacked, and what its first entry is to be called there. */
export interface CopyPlan {
  readonly directory: string;
  readonly name: string;
}

/** cp's rules, which docker has too: into a directory that is there, else under the target's name. */
export function planCopy(source: CopySource, target: CopyTarget): CopyPlan {
  if (target.kind === 'directory') {
    return { directory: target.path, name: source.calledBy ?? splitPath(source.path).name };
  }
  if (target.kind === 'other' && source.isDirectory) {
    throw new EngineError('invalid-argument', 'cannot copy directory', {
      detail: { path: target.path },
      hint: `${target.path} is a file.`,
    });
  }
  if (target.kind === 'missing' && !source.isDirectory && saysDirectory(target.path)) {
    throw new EngineError('not-found', 'no such directory', {
      detail: { path: target.path },
      hint: `Make ${target.path} first, or leave the slash out to copy to a file of that name.`,
    });
  }
  return splitPath(target.path);
}
