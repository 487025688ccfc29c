import { EngineError } from '../errors/index.ts';
import { canRun } from '../oci/index.ts';
import type { Platform } from '../types/index.ts';

/** Whether the machine needs an emulator for programs of this platform. `platform`: `linux/arm64/v8`. */
function isForeign(platform: string, machineArchitecture: string): boolean {
  return !canRun({ os: 'linux', architecture: machineArchitecture }, parsed(platform));
}

/** What a person should know before such a container is started. */
export function platformWarnings(platform: string, machineArchitecture: string): readonly string[] {
  if (!isForeign(platform, machineArchitecture)) return [];
  return [
    `The image is made for ${platform}, and this machine is linux/${machineArchitecture}: its programs run only where the kernel has an emulator for them.`,
  ];
}

/** A program that the kernel does not know how to execute, said of the platform when that is why. */
export function explainForeign(
  error: EngineError,
  platform: string,
  machineArchitecture: string,
): EngineError {
  const { step, errno } = error.detail;
  if (step !== 'exec' || errno !== 'ENOEXEC' || !isForeign(platform, machineArchitecture)) return error;
  return new EngineError(
    error.code,
    `The image is made for ${platform}, and the kernel of this linux/${machineArchitecture} machine has no emulator for it (binfmt_misc).`,
    {
      detail: error.detail,
      hint: `Install one, on Debian and Ubuntu with: apt install qemu-user-static. Or pull the image for linux/${machineArchitecture}.`,
      cause: error,
    },
  );
}

function parsed(platform: string): Platform {
  const [os = '', architecture = '', variant] = platform.split('/');
  return { os, architecture, ...(variant !== undefined && { variant }) };
}
