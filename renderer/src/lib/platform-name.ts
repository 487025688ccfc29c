import type { ImageSummary, Platform } from '@longshore/engine/types';

/** As the engine tells of one, or as one is asked for. */
type NamedPlatform = Omit<Platform, 'variant'> & { readonly variant?: string | undefined };

/** `linux/arm/v7`, as Docker writes it. */
export function platformName({ os, architecture, variant }: NamedPlatform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}

/** Those of an image that are here, or that could be pulled. */
export function platformNames({ platform, platforms }: ImageSummary, isHere: boolean): readonly string[] {
  if (platforms === undefined) return isHere ? [platformName(platform)] : [];
  return platforms.filter(({ id }) => (id !== null) === isHere).map((one) => platformName(one.platform));
}

/** What `platformName` has written; undefined when it is no platform. */
export function platformOf(name: string): Platform | undefined {
  const [os, architecture, variant] = name.split('/');
  if (os === undefined || os === '' || architecture === undefined) return undefined;
  return { os, architecture, ...(variant !== undefined && { variant }) };
}
