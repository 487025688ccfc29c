import { EngineError } from '../../../errors/index.ts';

/** One end of a copy. */
export interface CopyEnd {
  /** Null: a path on this machine, or `-`. */
  readonly container: string | null;
  readonly path: string;
}

export interface Copy {
  readonly direction: 'from-container' | 'to-container';
  readonly container: string;
  readonly source: string;
  readonly target: string;
}

/** `NAME:PATH`, unless it is written as a path of this machine: `/a:b`, `./a:b`. */
export function parseCopyEnd(argument: string): CopyEnd {
  const colon = argument.indexOf(':');
  const isLocal = colon === -1 || argument.startsWith('/') || argument.startsWith('.');
  if (isLocal) return { container: null, path: argument };
  return { container: argument.slice(0, colon), path: argument.slice(colon + 1) };
}

export function parseCopy(sourceArgument: string, targetArgument: string): Copy {
  if (sourceArgument === '') throw refused('source can not be empty');
  if (targetArgument === '') throw refused('destination can not be empty');
  const source = parseCopyEnd(sourceArgument);
  const target = parseCopyEnd(targetArgument);
  const paths = { source: source.path, target: target.path };
  if (source.container !== null && target.container !== null) {
    throw refused(
      'copying between containers is not supported',
      'Copy to this machine first, or pipe: cp A:x - | cp - B:y.',
    );
  }
  if (source.container !== null)
    return { direction: 'from-container', container: source.container, ...paths };
  if (target.container !== null) return { direction: 'to-container', container: target.container, ...paths };
  throw refused('must specify at least one container source', 'A container end is written NAME:PATH.');
}

function refused(message: string, hint?: string): EngineError {
  return new EngineError('invalid-argument', message, hint === undefined ? {} : { hint });
}
