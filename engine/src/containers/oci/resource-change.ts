import type { OciBlockIo, OciResources } from '../../runtime/index.ts';
import type { ContainerResources } from '../../types/index.ts';
import { ociResources } from './resources.ts';

/** The runtime's word for "no limit any more". */
const LIFTED = -1;

/** The kernel's weight of a container that asked for none. */
const DEFAULT_SHARES = 1024;

/** What to tell the runtime, so that a running container's limits change from one to the other. Null: nothing. */
export function resourceChange(
  before: ContainerResources,
  after: ContainerResources,
  swapAccounting: boolean,
  blockIo: OciBlockIo | null,
): OciResources | null {
  const [old, next] = [ociResources(before, swapAccounting), ociResources(after, swapAccounting)];
  const memory = changed(old.memory, next.memory, { limit: LIFTED, swap: LIFTED, reservation: LIFTED });
  const cpu = changed(old.cpu, next.cpu, { quota: LIFTED, shares: DEFAULT_SHARES });
  const pids = changed(old.pids, next.pids, { limit: LIFTED });
  const isBlockIoChanged = JSON.stringify(before.blockIo) !== JSON.stringify(after.blockIo);
  const change: OciResources = {
    ...(memory !== null && { memory }),
    ...(cpu !== null && { cpu }),
    ...(pids !== null && { pids: { limit: pids.limit ?? LIFTED } }),
    ...(isBlockIoChanged && blockIo !== null && { blockIO: blockIo }),
  };
  return Object.keys(change).length === 0 ? null : change;
}

/** What is new or different, and for what has gone the value that stands for "none". Null: nothing. */
function changed<Limits extends object>(
  before: Limits = {} as Limits,
  after: Limits = {} as Limits,
  none: Partial<Limits>,
): Partial<Limits> | null {
  const change: Partial<Limits> = {};
  for (const key of Object.keys({ ...before, ...after }) as (keyof Limits)[]) {
    const value = after[key] ?? none[key];
    if (value !== undefined && value !== before[key]) change[key] = value;
  }
  return Object.keys(change).length === 0 ? null : change;
}
