import type { ContainerExit } from '@longshore/engine/types';
import type { MessageId, MessageValues } from '../../messages/use-text.ts';

export interface Reason {
  readonly id: MessageId;
  readonly values: MessageValues;
}

/** Exit codes with a meaning that shells and container engines agree on. */
const KNOWN_CODES: Readonly<Record<number, MessageId>> = {
  0: 'why.code0',
  126: 'why.code126',
  127: 'why.code127',
};

const KNOWN_SIGNALS: Readonly<Record<string, MessageId>> = {
  TERM: 'why.signalTERM',
  INT: 'why.signalTERM',
  KILL: 'why.signalKILL',
  SEGV: 'why.signalSEGV',
  ABRT: 'why.signalABRT',
};

export function exitReason(exit: ContainerExit): Reason {
  const values = { code: exit.code, signal: exit.signal ?? '' };
  if (exit.oomKilled) return { id: 'why.oom', values };
  if (exit.signal !== null) return { id: KNOWN_SIGNALS[exit.signal] ?? 'why.signal', values };
  return { id: KNOWN_CODES[exit.code] ?? 'why.code', values };
}
