import type { Platform } from '@longshore/engine/types';

/** `linux/arm/v7`, as Docker writes it. */
export function platformName({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}

/** What `platformName` has written; undefined when it is no platform. */
export function platformOf(name: string): Platform | undefined {
  const [os, architecture, variant] = name.split('/');
  if (os === undefined || os === '' || architecture === undefined) return undefined;
  return { os, architecture, ...(variant !== undefined && { variant }) };
}
