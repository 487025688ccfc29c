import { expect, it } from 'vitest';
import type { ContainerExit } from '@longshore/engine/types';
import { exitReason } from './exit-reason.ts';

const exit: ContainerExit = {
  code: 0,
  signal: null,
  oomKilled: false,
  memoryPeakBytes: null,
  memoryLimitBytes: null,
  at: '2026-11-21T14:00:00Z',
};

it.each([
  [{}, 'why.code0'],
  [{ code: 3 }, 'why.code'],
  [{ code: 127 }, 'why.code127'],
  [{ code: 143 }, 'why.codeOfSignal'],
  [{ code: 143, signal: 'TERM' }, 'why.signalTERM'],
  [{ code: 139, signal: 'SEGV' }, 'why.signalSEGV'],
  [{ code: 138, signal: 'USR1' }, 'why.signal'],
  [{ code: 137, signal: 'KILL', oomKilled: true }, 'why.oom'],
] as const)('%o is %s', (part, id) => expect(exitReason({ ...exit, ...part }).id).toBe(id));
