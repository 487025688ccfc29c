import { normalizePlatform } from '../oci/index.ts';
import type { Platform } from '../types/index.ts';

/** A platform as the contract takes it; null when none was said. */
export function requestPlatform(
  platform:
    { readonly os: string; readonly architecture: string; readonly variant?: string | undefined } | undefined,
): Platform | null {
  if (platform === undefined) return null;
  const { os, architecture, variant } = platform;
  return normalizePlatform({ os, architecture, ...(variant !== undefined && { variant }) });
}
