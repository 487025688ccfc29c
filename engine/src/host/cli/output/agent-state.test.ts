import { describe, expect, it } from 'vitest';
import { type EngineHandlers } from '../../../contract/index.ts';
import type { AgentState, EngineEvent, SystemInfo } from '../../../types/index.ts';
import { reportAgent } from './agent-state.ts';

const running: AgentState = { status: 'running', pid: 7, version: '1' };
const starting: AgentState = { status: 'starting', step: 'connect' };
const refused: AgentState = {
  status: 'unavailable',
  error: { code: 'permission-denied', message: 'No rights.', hint: 'sudo it' },
};

/** What is said when the agent goes through these states, one engine event after each but the first. */
async function saidDuring(...states: readonly AgentState[]): Promise<readonly string[]> {
  let at = 0;
  const handlers = {
    system: { info: async () => ({ agent: states[at] }) as SystemInfo },
    events: {
      async *watch() {
        for (at = 1; at < states.length; at += 1) yield { type: 'engine' } as EngineEvent;
      },
    },
  } as unknown as EngineHandlers;
  const lines: string[] = [];
  const { signal } = new AbortController();
  await reportAgent(handlers, { say: (line) => lines.push(line), signal });
  return lines;
}

describe('the agent as the terminal hears of it', () => {
  it('says nothing while all is well', async () => {
    expect(await saidDuring(starting, running, starting, running)).toEqual([]);
  });

  it('says why there is none and what to do, once, and that it came back', async () => {
    expect(await saidDuring(refused, refused, starting, running)).toEqual([
      'longshore: No rights.',
      '  sudo it',
      'The agent runs; so can containers.',
    ]);
  });
});
