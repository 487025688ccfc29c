import { describe, expect, it } from 'vitest';
import { BUILD_WARNING, BUILT_STEPS } from '../../testing/fake-build-parts.ts';
import { EMPTY_VIEW, spanOf, stagesNeeded, stepOfInterest, viewAfter, type BuildView } from './build-view.ts';

type Event = Parameters<typeof viewAfter>[1];

const START = '2026-11-20T09:00:00.000Z';
const at = (seconds: number) => new Date(Date.parse(START) + seconds * 1000).toISOString();
const begun: readonly Event[] = [
  { type: 'started', build: 'b', at: START },
  { type: 'planned', steps: BUILT_STEPS, warnings: [BUILD_WARNING] },
];
const started = (step: number, seconds: number): Event => ({
  type: 'step-started',
  step,
  at: at(seconds),
  miss: { reason: 'first-time', detail: 'never built' },
});
const ended = (step: number, state: 'done' | 'cached' | 'failed', durationMs: number): Event => ({
  type: 'step-ended',
  step,
  state,
  durationMs,
  sizeBytes: null,
  error: null,
});
const after = (...events: readonly Event[]): BuildView => [...begun, ...events].reduce(viewAfter, EMPTY_VIEW);

describe('how far a build has come', () => {
  it('knows all steps from its plan, and what became of each', () => {
    const view = after(ended(0, 'cached', 0), started(1, 1), ended(1, 'done', 400), started(2, 2));
    expect(view.steps.map(({ state }) => state)).toEqual([
      ...['cached', 'done', 'running'],
      ...['waiting', 'waiting', 'waiting'],
    ]);
    expect(view.warnings).toEqual([BUILD_WARNING]);
    expect(view.steps[1]).toMatchObject({ durationMs: 400, miss: { reason: 'first-time' } });
  });

  it('shows the step that failed, else the one that runs, else the last that ran', () => {
    expect(stepOfInterest(EMPTY_VIEW)).toBeUndefined();
    expect(stepOfInterest(after(ended(0, 'cached', 0)))).toBe(5);
    expect(stepOfInterest(after(started(1, 1), ended(1, 'done', 1)))).toBe(1);
    expect(stepOfInterest(after(started(1, 1), ended(1, 'done', 1), started(4, 1)))).toBe(4);
    expect(stepOfInterest(after(started(1, 1), ended(1, 'failed', 1), started(4, 1)))).toBe(1);
  });

  it('names the other stages that a step waits for', () => {
    const view = after();
    const last = view.steps[5];
    if (last === undefined) throw new Error('no step');
    expect(stagesNeeded(view, last)).toEqual(['build']);
    expect(stagesNeeded(after(started(3, 0), ended(3, 'done', 1)), last)).toEqual([]);
  });

  it('places the time of a step in the whole', () => {
    const view = after(started(1, 2), ended(1, 'done', 4000), {
      type: 'ended',
      status: 'done',
      at: at(8),
      result: null,
      error: null,
    });
    const [first, second] = view.steps;
    if (first === undefined || second === undefined) throw new Error('no steps');
    expect(spanOf(view, second, 0)).toEqual({ from: 0.25, to: 0.75 });
    expect(spanOf(view, first, 0)).toBeUndefined();
    const running = after(started(1, 2)).steps[1];
    if (running === undefined) throw new Error('no step');
    expect(spanOf(after(started(1, 2)), running, Date.parse(at(4)))).toEqual({ from: 0.5, to: 1 });
  });
});
