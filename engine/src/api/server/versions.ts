import { DockerError } from './failure.ts';

/** The minor part of a version of the API: 44 is 1.44. There is no other major version. */
export type ApiVersion = number;

export const MIN_VERSION: ApiVersion = 24;
export const MAX_VERSION: ApiVersion = 51;

export function versionText(version: ApiVersion): string {
  return `1.${version}`;
}

/** A path as it was asked for: the version in front of it is the newest when there is none. */
export function splitVersion(path: string): { readonly version: ApiVersion; readonly path: string } {
  const match = /^\/v([0-9.]+)(\/.*)$/.exec(path);
  if (match === null) return { version: MAX_VERSION, path };
  const [, text = '', rest = '/'] = match;
  return { version: parseVersion(text), path: rest };
}

/** Refuses, in Docker's words, what is not served. */
function parseVersion(text: string): ApiVersion {
  const [, major = '', minor = ''] = /^(\d{1,6})\.(\d{1,6})$/.exec(text) ?? [];
  if (major === '') throw new DockerError(400, `invalid API version: ${text.slice(0, 32)}`);
  const isTooOld = Number(major) < 1 || (Number(major) === 1 && Number(minor) < MIN_VERSION);
  if (isTooOld) {
    throw new DockerError(
      400,
      `client version ${text} is too old. Minimum supported API version is ${versionText(MIN_VERSION)}, please upgrade your client to a newer version`,
    );
  }
  if (Number(major) > 1 || Number(minor) > MAX_VERSION) {
    throw new DockerError(
      400,
      `client version ${text} is too new. Maximum supported API version is ${versionText(MAX_VERSION)}`,
    );
  }
  return Number(minor);
}
