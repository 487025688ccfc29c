import { EngineError } from '../../errors/index.ts';
import { formatPlatform } from '../../oci/index.ts';
import type { Platform } from '../../types/index.ts';

const MAX_SHOWN = 200;

/** An archive that is not what an image archive has to be. `step` is a word of its format: `entry`, `manifest`, `digest`. */
export function badArchive(step: string, reason: string, path?: string, cause?: unknown): EngineError {
  return new EngineError('invalid-argument', `The archive is not valid: ${reason}.`, {
    detail: { step, ...(path !== undefined && { path: path.slice(0, MAX_SHOWN) }) },
    hint: 'It is damaged, or was not made by a container tool. Nothing of it was kept.',
    ...(cause !== undefined && { cause }),
  });
}

export function noImages(): EngineError {
  return new EngineError('invalid-argument', 'There is no image in this archive.', {
    detail: { step: 'manifest' },
    hint: 'An archive of a root file system becomes an image with: longshore import',
  });
}

export function notFor(wanted: Platform, offered: readonly Platform[]): EngineError {
  const names = [...new Set(offered.map(formatPlatform))];
  return new EngineError('not-found', `The archive has no image for ${formatPlatform(wanted)}.`, {
    detail: { step: 'platform', path: formatPlatform(wanted) },
    hint: `It has one for: ${names.join(', ') || 'no platform that it tells'}.`,
  });
}
