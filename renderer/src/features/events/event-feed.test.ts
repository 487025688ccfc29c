import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineClient } from '@longshore/engine/contract';
import type { ContainerAction, EngineEvent } from '@longshore/engine/types';
import { EventFeed } from './event-feed.ts';
import { filterEvents, NO_FILTER } from './event-filter.ts';
import { objectOf } from './event-object.ts';

let abort: AbortController;
beforeEach(() => {
  abort = new AbortController();
});
afterEach(() => abort.abort());

function event(seq: number, action: ContainerAction, name = 'web'): EngineEvent {
  const at = new Date(Date.UTC(2026, 0, 1) + seq).toISOString();
  return { type: 'container', seq, at, action, id: `${name}-id`, name, image: 'nginx', attributes: {} };
}

/** An engine that remembers these, and falls silent; each watch tells them anew. */
function engineWith(remembered: readonly EngineEvent[]) {
  let watches = 0;
  const watch = async function* (_query: unknown, { signal }: { signal: AbortSignal }) {
    watches += 1;
    yield* remembered;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  return { client: { events: { watch } } as unknown as EngineClient, watches: () => watches };
}

describe('the feed of events', () => {
  it('has the newest first, each once, and none that the page itself causes', async () => {
    const { client } = engineWith([
      event(1, 'create'),
      event(2, 'top'),
      event(3, 'start'),
      event(3, 'start'),
    ]);
    const feed = new EventFeed(client, { query: {} });
    void feed.follow(abort.signal);
    await expect.poll(() => feed.state.events.map(({ seq }) => seq)).toEqual([3, 1]);
    expect(feed.state).toMatchObject({ total: 2, settled: true });
  });

  it('keeps so many and counts all', async () => {
    const { client } = engineWith([event(1, 'create'), event(2, 'start'), event(3, 'die')]);
    const feed = new EventFeed(client, { query: {}, most: 2 });
    void feed.follow(abort.signal);
    await expect.poll(() => feed.state.total).toBe(3);
    expect(feed.state.events.map(({ seq }) => seq)).toEqual([3, 2]);
  });

  it('is cleared, and asks again when all is wanted back', async () => {
    const { client, watches } = engineWith([event(1, 'create')]);
    const feed = new EventFeed(client, { query: {} });
    void feed.follow(abort.signal);
    await expect.poll(() => feed.state.events.length).toBe(1);
    feed.clear();
    expect(feed.state).toMatchObject({ events: [], cleared: true, total: 1 });
    feed.recall();
    await expect.poll(() => feed.state.events.length).toBe(1);
    expect(feed.state.cleared).toBe(false);
    expect(watches()).toBe(2);
  });

  it('is settled, though nothing has ever happened', async () => {
    const feed = new EventFeed(engineWith([]).client, { query: {} });
    void feed.follow(abort.signal);
    await expect.poll(() => feed.state.settled).toBe(true);
  });
});

describe('the filter of events', () => {
  const events: readonly EngineEvent[] = [
    event(1, 'create', 'web'),
    event(2, 'die', 'db'),
    {
      type: 'image',
      seq: 3,
      at: '2026-01-01T00:00:00Z',
      action: 'pull',
      id: 'sha256:aa',
      reference: 'redis:7',
    },
  ];
  const words = ({ action }: EngineEvent) => (action === 'die' ? 'Ended exit code 3' : '');
  const seqs = (part: Partial<typeof NO_FILTER>) =>
    filterEvents(events, { ...NO_FILTER, ...part }, words).map(({ seq }) => seq);

  it.each([
    [{}, [1, 2, 3]],
    [{ type: 'image' as const }, [3]],
    [{ actions: ['die', 'pull'] }, [2, 3]],
    [{ object: 'web-id' }, [1]],
    [{ search: 'CODE 3' }, [2]],
    [{ search: 'redis pull' }, [3]],
    [{ type: 'container' as const, search: 'redis' }, []],
  ])('%j leaves %j', (part, expected) => {
    expect(seqs(part)).toEqual(expected);
  });

  it('knows what each is about', () => {
    expect(events.map((each) => objectOf(each).path)).toEqual([
      '/containers/web-id/overview',
      '/containers/db-id/overview',
      '/images/aa/overview',
    ]);
  });
});
