import { EngineError } from '../errors/index.ts';

/** A setting that no network can have. `field` is what was asked, as the contract names it. */
export function refused(message: string, field: string, hint?: string): never {
  throw new EngineError('invalid-argument', `${field}: ${message}`, {
    detail: { step: 'settings', path: field },
    ...(hint !== undefined && { hint }),
  });
}
