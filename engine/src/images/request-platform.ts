import { normalizePlatform } from '../oci/index.ts';
import type { Platform } from '../types/index.ts';

interface PlatformInput {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
}

/** A platform as the contract takes it; null when none was said. */
export function requestPlatform(platform: PlatformInput | undefined): Platform | null {
  return platform === undefined ? null : toPlatform(platform);
}

/** In its one spelling. */
export function toPlatform({ os, architecture, variant }: PlatformInput): Platform {
  return normalizePlatform({ os, architecture, ...(variant !== undefined && { variant }) });
}
