import type { EngineClient } from '@longshore/engine/contract';
import { isEngineError } from '@longshore/engine/errors';
import { type BuildView, EMPTY_VIEW, viewAfter } from './build-view.ts';
import { StepLogs } from './step-logs.ts';

export interface BuildWatchOptions {
  readonly engine: EngineClient;
  readonly build: string;
  readonly onView: (view: BuildView) => void;
  /** The events cannot be had: the engine has gone away, or forgotten them. */
  readonly onFailure: (thrown: unknown) => void;
}

/** All events of a build from its first on, as they come: how far it is, and what its steps write. */
export class BuildWatch implements Disposable {
  readonly logs = new StepLogs();
  private readonly options: BuildWatchOptions;
  private readonly closing = new AbortController();
  private readonly listeners = new Set<(step: number, data: Uint8Array) => void>();
  private view = EMPTY_VIEW;

  constructor(options: BuildWatchOptions) {
    this.options = options;
  }

  /** Until the build has ended, or this is disposed of. */
  async follow(): Promise<void> {
    const { engine, build, onView, onFailure } = this.options;
    const { signal } = this.closing;
    try {
      for await (const event of engine.builds.watch({ build }, { signal })) {
        if (event.type === 'step-log') {
          this.logs.add(event.step, event.data);
          for (const listener of this.listeners) listener(event.step, event.data);
          continue;
        }
        this.view = viewAfter(this.view, event);
        onView(this.view);
      }
    } catch (thrown) {
      // A build that failed ends its events with the failure, which the view has already.
      if (this.view.endedMs === null && !signal.aborted && !isEngineError(thrown, 'cancelled'))
        onFailure(thrown);
    }
  }

  /** Hears what the steps write from now on; returns how to stop. */
  onLog(listener: (step: number, data: Uint8Array) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  [Symbol.dispose](): void {
    this.closing.abort();
    this.listeners.clear();
  }
}
