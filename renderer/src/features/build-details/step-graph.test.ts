import { describe, expect, it } from 'vitest';
import type { BuildStepProgress } from '@longshore/engine/types';
import { graphOf } from './step-graph.ts';

function step(
  index: number,
  stage: string,
  inputs: readonly number[],
  state: BuildStepProgress['state'] = 'waiting',
): BuildStepProgress {
  const none = { startedAt: null, durationMs: null, sizeBytes: null, miss: null, error: null };
  return { index, name: '', stage, instruction: '', line: null, inputs, state, ...none };
}

describe('the graph of steps', () => {
  it('is one line for one stage', () => {
    expect(graphOf([step(0, 'a', [], 'cached'), step(1, 'a', [0], 'done')])).toEqual({
      lanes: 1,
      rows: [
        { lane: 0, lines: [{ kind: 'from-node', lane: 0, done: true }] },
        { lane: 0, lines: [{ kind: 'to-node', lane: 0, done: true }] },
      ],
    });
  });

  it('leads what another stage needs past the rows between', () => {
    const { lanes, rows } = graphOf([
      step(0, 'a', [], 'done'),
      step(1, 'b', [], 'done'),
      step(2, 'b', [1, 0]),
    ]);
    expect(lanes).toBe(2);
    expect(rows[1]?.lines).toEqual([
      { kind: 'from-node', lane: 1, done: false },
      { kind: 'through', lane: 0, done: false },
    ]);
    expect(rows[2]?.lines).toEqual([
      { kind: 'to-node', lane: 1, done: false },
      { kind: 'joins', lane: 0, done: false },
    ]);
  });

  it('draws a line once, and whole as soon as one of its steps has begun', () => {
    const { rows } = graphOf([step(0, 'a', [], 'done'), step(1, 'b', [0], 'running'), step(2, 'c', [0])]);
    expect(rows[0]?.lines).toEqual([{ kind: 'from-node', lane: 0, done: true }]);
    expect(rows[1]?.lines).toEqual([
      { kind: 'joins', lane: 0, done: true },
      { kind: 'through', lane: 0, done: false },
    ]);
  });
});
