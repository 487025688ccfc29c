import type {
  BuildDetails,
  BuildEvent,
  BuildStatus,
  BuildStepProgress,
  BuildWarning,
} from '@longshore/engine/types';
import type { WireError } from '@longshore/engine/errors';

/** How far a build has come, from its events. */
export interface BuildView {
  readonly status: BuildStatus;
  /** Milliseconds since 1970; null until it is known. */
  readonly startedMs: number | null;
  readonly endedMs: number | null;
  readonly steps: readonly BuildStepProgress[];
  readonly warnings: readonly BuildWarning[];
  /** What the build did after its steps: `writing the image`. */
  readonly outputs: readonly string[];
  readonly error: WireError | null;
}

export function viewOf(build: BuildDetails): BuildView {
  return {
    status: build.status,
    startedMs: Date.parse(build.startedAt),
    endedMs: build.endedAt === null ? null : Date.parse(build.endedAt),
    steps: build.progress,
    warnings: build.checks,
    outputs: [],
    error: build.error,
  };
}

export const EMPTY_VIEW: BuildView = {
  status: 'running',
  startedMs: null,
  endedMs: null,
  steps: [],
  warnings: [],
  outputs: [],
  error: null,
};

const WAITING = {
  state: 'waiting',
  startedAt: null,
  durationMs: null,
  sizeBytes: null,
  miss: null,
  error: null,
} as const;

export function viewAfter(view: BuildView, event: BuildEvent): BuildView {
  switch (event.type) {
    case 'started':
      return { ...view, startedMs: Date.parse(event.at) };
    case 'planned':
      return {
        ...view,
        steps: event.steps.map((step) => ({ ...step, ...WAITING })),
        warnings: event.warnings,
      };
    case 'step-started':
      return withStep(view, event.step, { state: 'running', startedAt: event.at, miss: event.miss });
    case 'step-ended': {
      const { state, durationMs, sizeBytes, error } = event;
      return withStep(view, event.step, { state, durationMs, sizeBytes, error });
    }
    case 'output':
      return { ...view, outputs: [...view.outputs, event.message] };
    case 'ended':
      return { ...view, status: event.status, endedMs: Date.parse(event.at), error: event.error };
    case 'step-log':
    case 'output-data':
      return view;
  }
}

function withStep(view: BuildView, index: number, change: Partial<BuildStepProgress>): BuildView {
  return {
    ...view,
    steps: view.steps.map((step) => (step.index === index ? { ...step, ...change } : step)),
  };
}

/** The step that a person who has chosen none looks at: that which failed, runs, or ran last. */
export function stepOfInterest({ steps }: BuildView): number | undefined {
  const last = (state: BuildStepProgress['state']) => steps.findLast((step) => step.state === state)?.index;
  return last('failed') ?? last('running') ?? last('done') ?? steps.at(-1)?.index;
}

/** Names of the stages that a step still waits for. */
export function stagesNeeded(view: BuildView, step: BuildStepProgress): readonly string[] {
  const waits = step.inputs
    .map((input) => view.steps[input])
    .filter((input) => input !== undefined && !isOver(input) && input.stage !== step.stage);
  return [...new Set(waits.map((input) => input?.stage ?? ''))];
}

export function isOver({ state }: BuildStepProgress): boolean {
  return state !== 'waiting' && state !== 'running';
}

/** Where a step's time lies in the whole, both from 0 to 1; undefined when it took none. */
export function spanOf(
  view: BuildView,
  step: BuildStepProgress,
  now: number,
): { readonly from: number; readonly to: number } | undefined {
  if (view.startedMs === null || step.startedAt === null || step.state === 'cached') return undefined;
  const whole = Math.max(1, (view.endedMs ?? now) - view.startedMs);
  const from = Math.max(0, Date.parse(step.startedAt) - view.startedMs);
  const length = step.durationMs ?? Math.max(0, now - Date.parse(step.startedAt));
  return { from: Math.min(1, from / whole), to: Math.min(1, (from + length) / whole) };
}
