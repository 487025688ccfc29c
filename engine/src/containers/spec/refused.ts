import { EngineError } from '../../errors/index.ts';

/** A setting that can never run, said before anything is made. `path` is what was asked. */
export function refused(message: string, path: string, hint?: string): never {
  throw new EngineError('invalid-argument', message, {
    detail: { step: 'settings', path },
    ...(hint !== undefined && { hint }),
  });
}
