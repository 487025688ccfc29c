import { formatPlatform, normalizePlatform } from '../../../oci/index.ts';
import type { Platform } from '../../../types/index.ts';

/** What a build is told from outside. */
export interface BuildVariables {
  /** `--build-arg`. */
  readonly buildArgs: ReadonlyMap<string, string>;
  /** Of the machine that builds. */
  readonly buildPlatform: Platform;
  /** Of the image that is built. */
  readonly targetPlatform: Platform;
  /** `--target`: a stage's name or number; null: the last stage. */
  readonly target: string | null;
}

const PROXY_NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'];

/** Build arguments that RUN sees without an ARG, and that are in no history and no cache key unless one declares them. */
export const PROXY_ARGS: readonly string[] = PROXY_NAMES.flatMap((name) => [name, name.toLowerCase()]);

/** The proxies among the build arguments. */
export function proxyArgs(buildArgs: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...buildArgs].filter(([name]) => PROXY_ARGS.includes(name)));
}

/**
 * The arguments that every build has in its global scope. A stage sees one when it declares it. A build argument of the
 * same name takes its place.
 */
export function automaticArgs(
  variables: BuildVariables,
  targetStage: string | null,
): ReadonlyMap<string, string> {
  const entries: (readonly [string, string])[] = [
    ...platformArgs('BUILD', variables.buildPlatform),
    ...platformArgs('TARGET', variables.targetPlatform),
    ['TARGETSTAGE', targetStage ?? 'default'],
  ];
  return new Map(entries.map(([name, value]) => [name, variables.buildArgs.get(name) ?? value]));
}

function platformArgs(prefix: string, platform: Platform): readonly (readonly [string, string])[] {
  const { os, architecture, variant } = normalizePlatform(platform);
  return [
    [`${prefix}PLATFORM`, formatPlatform(normalizePlatform(platform))],
    [`${prefix}OS`, os],
    [`${prefix}OSVERSION`, ''],
    [`${prefix}ARCH`, architecture],
    [`${prefix}VARIANT`, variant ?? ''],
  ];
}
