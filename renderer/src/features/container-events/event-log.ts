import type { EngineClient } from '@longshore/engine/contract';
import type { ContainerAction, ContainerEvent } from '@longshore/engine/types';

/** The page itself causes these, over and over. */
const OWN_DOING = new Set<ContainerAction>(['top', 'resize']);

const MOST = 1000;
const RETRY_MS = 1000;

/**
 * The events of one container, newest first: those that the engine remembers, then each as it comes. `show` is told
 * after every change. Goes on until the signal; when the engine was away, what happened meanwhile is asked for.
 */
export async function followContainer(
  engine: EngineClient,
  id: string,
  show: (events: readonly ContainerEvent[]) => void,
  signal: AbortSignal,
): Promise<void> {
  let events: readonly ContainerEvent[] = [];
  while (!signal.aborted) {
    const query = { types: ['container' as const], subject: id, since: 0 };
    try {
      for await (const event of engine.events.watch(query, { signal })) {
        if (event.type !== 'container' || OWN_DOING.has(event.action)) continue;
        if (events.some(({ seq, at }) => seq === event.seq && at === event.at)) continue;
        events = [event, ...events].slice(0, MOST);
        show(events);
      }
    } catch {
      // The engine is away, which the page's frame tells.
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
