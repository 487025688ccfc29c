import { hostname } from 'node:os';
import { type HostTraits, maskedPaths } from '../containers/index.ts';
import { normalizePlatform } from '../oci/index.ts';
import type { Agent } from '../runtime/index.ts';
import type { Platform } from '../types/index.ts';

/** What images are for that need no emulation here. */
export function machinePlatform(): Platform {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  return normalizePlatform({ os: 'linux', architecture });
}

/** What containers must know of their machine; what the agent alone can tell is asked of it each time. */
export function hostTraits(agent: Agent): () => HostTraits {
  const masked = maskedPaths();
  return () => ({
    swapAccounting: agent.swapAccounting,
    maskedPaths: masked,
    architecture: agent.host?.architecture ?? machinePlatform().architecture,
    kernelVersion: agent.host?.kernelVersion ?? '',
    hostname: hostname(),
  });
}
