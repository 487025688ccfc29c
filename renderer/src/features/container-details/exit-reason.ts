import type { ContainerExit } from '@longshore/engine/types';
import type { MessageId, MessageValues } from '../../messages/use-text.ts';

export interface Reason {
  readonly id: MessageId;
  readonly values: MessageValues;
}

/** Exit codes with a meaning that shells and container engines agree on. */
const KNOWN_CODES: Readonly<Record<number, MessageId>> = {
  0: 'why.code0',
  125: 'why.code125',
  126: 'why.code126',
  127: 'why.code127',
  255: 'why.code255',
};

const KNOWN_SIGNALS: Readonly<Record<string, MessageId>> = {
  TERM: 'why.signalTERM',
  INT: 'why.signalTERM',
  QUIT: 'why.signalTERM',
  HUP: 'why.signalTERM',
  KILL: 'why.signalKILL',
  SEGV: 'why.signalSEGV',
  BUS: 'why.signalBUS',
  ABRT: 'why.signalABRT',
  FPE: 'why.signalFPE',
  ILL: 'why.signalILL',
  SYS: 'why.signalSYS',
  PIPE: 'why.signalPIPE',
};

/** A shell that is the first process tells a signal's end of its command as 128 and its number. */
const SIGNAL_OF_CODE: Readonly<Record<number, string>> = {
  129: 'HUP',
  130: 'INT',
  131: 'QUIT',
  134: 'ABRT',
  135: 'BUS',
  136: 'FPE',
  137: 'KILL',
  139: 'SEGV',
  141: 'PIPE',
  143: 'TERM',
};

export function exitReason(exit: ContainerExit): Reason {
  const values = { code: exit.code, signal: exit.signal ?? '' };
  if (exit.oomKilled) return { id: 'why.oom', values };
  if (exit.signal !== null) return { id: KNOWN_SIGNALS[exit.signal] ?? 'why.signal', values };
  const known = KNOWN_CODES[exit.code];
  if (known !== undefined) return { id: known, values };
  const signal = SIGNAL_OF_CODE[exit.code];
  if (signal !== undefined) return { id: 'why.codeOfSignal', values: { ...values, signal } };
  return { id: 'why.code', values };
}
