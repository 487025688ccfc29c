import type { IdMapping } from '../../types/index.ts';
import { EngineError } from '../../errors/index.ts';

/** As many ids as a container's programs may expect; above the ranges that /etc/subuid gives to users. */
const SIZE = 65_536;
const FIRST_HOST_ID = 0x4000_0000;
const LAST_HOST_ID = 0x7000_0000;

/** Ids that no other container has. */
export function allocateIds(taken: readonly IdMapping[]): IdMapping {
  const used = new Set(taken.map(({ hostId }) => hostId));
  for (let hostId = FIRST_HOST_ID; hostId < LAST_HOST_ID; hostId += SIZE) {
    if (!used.has(hostId)) return { hostId, size: SIZE };
  }
  throw new EngineError('failed-precondition', 'There are no ids left for a container of its own users.', {
    hint: 'Remove containers that were made with --userns auto.',
  });
}
