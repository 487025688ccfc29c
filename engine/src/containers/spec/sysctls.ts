import type { ContainerSpec } from '../../types/index.ts';
import { refused } from './refused.ts';

const IPC: readonly string[] = [
  'kernel.msgmax',
  'kernel.msgmnb',
  'kernel.msgmni',
  'kernel.sem',
  'kernel.shmall',
  'kernel.shmmax',
  'kernel.shmmni',
  'kernel.shm_rmid_forced',
];

/**
 * Only what belongs to a namespace of the container's own may be set: anything else would change the host
 * (runc, libcontainer/configs/validate).
 */
export function checkSysctls({
  sysctls,
  network,
  ipc,
  uts,
}: Pick<ContainerSpec, 'sysctls' | 'network' | 'ipc' | 'uts'>): void {
  for (const name of Object.keys(sysctls)) {
    const key = name.replaceAll('/', '.');
    if (key.startsWith('net.')) own(name, network === 'bridge' || network === 'none', '--network');
    else if (IPC.includes(key) || key.startsWith('fs.mqueue.')) own(name, isOwnIpc(ipc), '--ipc');
    else if (key === 'kernel.domainname') own(name, uts === 'private', '--uts');
    else if (key === 'kernel.hostname') refused('The host name has a flag of its own: --hostname.', name);
    else refused(`The kernel setting ${name} belongs to the whole machine.`, name);
  }
}

function isOwnIpc(ipc: ContainerSpec['ipc']): boolean {
  return ipc === 'private' || ipc === 'shareable' || ipc === 'none';
}

function own(name: string, isOwn: boolean, flag: string): void {
  if (!isOwn) refused(`The kernel setting ${name} is shared with others because of ${flag}.`, name);
}
