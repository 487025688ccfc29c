import { normalizePlatform } from '../../../oci/index.ts';
import { Reason } from '../problems/reason.ts';
import type { Platform } from '../../../types/index.ts';

const SYSTEMS = ['linux', 'windows', 'darwin', 'freebsd', 'netbsd', 'openbsd', 'wasi', 'js'];
const PART = /^[A-Za-z0-9_.-]+$/;

/** `linux/arm64/v8`, or only the architecture, or only the system, then of the architecture `machine` has. */
export function parsePlatform(text: string, machine: Platform): Platform {
  const parts = text.split('/');
  const [first = '', second, third, ...others] = parts;
  if (others.length > 0 || !parts.every((part) => PART.test(part))) {
    throw new Reason(`"${text}" is no platform.`, 'A platform is written like linux/amd64 or linux/arm/v7.');
  }
  if (second !== undefined) {
    return normalizePlatform({
      os: first,
      architecture: second,
      ...(third !== undefined && { variant: third }),
    });
  }
  if (SYSTEMS.includes(first.toLowerCase())) return normalizePlatform({ ...machine, os: first });
  return normalizePlatform({ os: 'linux', architecture: first });
}
