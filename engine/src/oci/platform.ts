import type { Platform } from '../types/index.ts';

const ARCHITECTURE_ALIASES: Readonly<Record<string, readonly [architecture: string, variant?: string]>> = {
  x86_64: ['amd64'],
  'x86-64': ['amd64'],
  x64: ['amd64'],
  i386: ['386'],
  i486: ['386'],
  i586: ['386'],
  i686: ['386'],
  ia32: ['386'],
  aarch64: ['arm64'],
  armhf: ['arm', 'v7'],
  armel: ['arm', 'v6'],
  ppc64el: ['ppc64le'],
};

/** One spelling per platform, as containerd's `platforms.Normalize` has it: arm64 is v8, arm is v7 unless told. */
export function normalizePlatform(platform: Platform): Platform {
  const os = platform.os.toLowerCase();
  const spelled = platform.architecture.toLowerCase();
  const [architecture, impliedVariant] = ARCHITECTURE_ALIASES[spelled] ?? [spelled];
  const variant = normalizeVariant(architecture, platform.variant?.toLowerCase() ?? impliedVariant);
  return {
    os: os === 'macos' ? 'darwin' : os,
    architecture,
    ...(variant !== undefined && { variant }),
  };
}

function normalizeVariant(architecture: string, variant: string | undefined): string | undefined {
  const prefixed = variant !== undefined && /^\d+$/.test(variant) ? `v${variant}` : variant;
  if (architecture === 'arm64') return prefixed === 'v8' || prefixed === '' ? undefined : prefixed;
  if (architecture === 'arm') return prefixed === undefined || prefixed === '' ? 'v7' : prefixed;
  if (architecture === 'amd64') return prefixed === 'v1' || prefixed === '' ? undefined : prefixed;
  return prefixed === '' ? undefined : prefixed;
}

/** What a machine of this platform can run, best first: amd64 also 386, arm64 also the older arms. */
function runnable(platform: Platform): readonly Platform[] {
  const { os, architecture, variant } = normalizePlatform(platform);
  if (architecture === 'amd64') {
    const level = variant === undefined ? 1 : Number(variant.slice(1));
    return [
      ...descending(level).map((v) => normalizePlatform({ os, architecture, variant: v })),
      { os, architecture: '386' },
    ];
  }
  if (architecture === 'arm64') {
    const older = descending(8, 5).map((v) => ({ os, architecture: 'arm', variant: v }));
    return [
      ...(variant === undefined ? [] : [{ os, architecture, variant }]),
      { os, architecture },
      ...older,
    ];
  }
  if (architecture === 'arm') {
    const level = Number(variant?.slice(1) ?? 7);
    return descending(level, 5).map((v) => ({ os, architecture, variant: v }));
  }
  return [{ os, architecture, ...(variant !== undefined && { variant }) }];
}

/** `v3`, `v2`, `v1` for 3. A variant that is no number yields nothing to step down through. */
function descending(from: number, to = 1): readonly string[] {
  if (!Number.isInteger(from) || from < to || from > 9) return [];
  return Array.from({ length: from - to + 1 }, (_, index) => `v${from - index}`);
}

export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}

export function platformsEqual(left: Platform, right: Platform): boolean {
  return formatPlatform(normalizePlatform(left)) === formatPlatform(normalizePlatform(right));
}

/**
 * The best of the candidates for a machine of the platform `wanted`; candidates of equal worth: the first one.
 * Null when none can run there.
 */
export function selectPlatform<T>(
  candidates: readonly T[],
  platformOf: (candidate: T) => Platform | undefined,
  wanted: Platform,
): T | null {
  for (const platform of runnable(wanted)) {
    const match = candidates.find((candidate) => {
      const offered = platformOf(candidate);
      return offered !== undefined && platformsEqual(offered, platform);
    });
    if (match !== undefined) return match;
  }
  return null;
}

/** Whether a machine of the platform `machine` can run images of `offered`. */
export function canRun(machine: Platform, offered: Platform): boolean {
  return selectPlatform([offered], (platform) => platform, machine) !== null;
}
