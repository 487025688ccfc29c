import type { BuildDetails, BuildEvent, BuildStepProgress } from '../../types/index.ts';

/** The build as it is once the event has happened. */
export function afterEvent(build: BuildDetails, event: BuildEvent): BuildDetails {
  switch (event.type) {
    case 'planned': {
      const none = { startedAt: null, durationMs: null, sizeBytes: null, miss: null, error: null };
      return {
        ...build,
        steps: event.steps.length,
        warnings: event.warnings.length,
        checks: event.warnings,
        progress: event.steps.map((step) => ({ ...step, ...none, state: 'waiting' })),
      };
    }
    case 'step-started':
      return withStep(build, event.step, { state: 'running', startedAt: event.at, miss: event.miss });
    case 'step-ended': {
      const { state, durationMs, sizeBytes, error } = event;
      const cachedSteps = build.cachedSteps + (state === 'cached' ? 1 : 0);
      return { ...withStep(build, event.step, { state, durationMs, sizeBytes, error }), cachedSteps };
    }
    case 'ended': {
      const { status, at, result, error } = event;
      return { ...build, status, endedAt: at, result, error, imageId: result?.imageId ?? null };
    }
    case 'started':
    case 'step-log':
    case 'output':
    case 'output-data':
      return build;
  }
}

function withStep(build: BuildDetails, index: number, change: Partial<BuildStepProgress>): BuildDetails {
  const progress = build.progress.map((step) => (step.index === index ? { ...step, ...change } : step));
  return { ...build, progress };
}
