import type { EngineClient } from '@longshore/engine/contract';
import type { EngineEvent } from '@longshore/engine/types';
import { staleAfter } from './event-invalidations.ts';

const SETTLE_MS = 40;

export interface FollowEventsOptions {
  readonly signal: AbortSignal;
  /** Asks again for what these keys name; resolves when the answers are in. */
  readonly refresh: (keys: readonly (readonly string[])[]) => Promise<unknown>;
}

/**
 * Follows the engine's events until the signal or the connection ends. Bursts are gathered: while one refresh is
 * under way no second one starts, so a thousand events cost a few questions and never starve the page.
 */
export async function followEvents(engine: EngineClient, options: FollowEventsOptions): Promise<void> {
  const refresher = new Refresher(options);
  const watched: EngineEvent['type'][] = [
    'container',
    'image',
    'network',
    'volume',
    'build',
    'engine',
    'task',
  ];
  for await (const event of engine.events.watch({ types: watched }, { signal: options.signal })) {
    refresher.add(staleAfter(event));
  }
}

class Refresher {
  private readonly options: FollowEventsOptions;
  private readonly stale = new Map<string, readonly string[]>();
  private busy = false;

  constructor(options: FollowEventsOptions) {
    this.options = options;
  }

  add(keys: readonly (readonly string[])[]): void {
    for (const key of keys) this.stale.set(JSON.stringify(key), key);
    if (!this.busy && this.stale.size > 0) void this.run();
  }

  private async run(): Promise<void> {
    this.busy = true;
    while (this.stale.size > 0 && !this.options.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      const keys = [...this.stale.values()];
      this.stale.clear();
      await this.options.refresh(keys);
    }
    this.busy = false;
  }
}
