import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineClient } from '@longshore/engine/contract';
import { fakeConnection } from '../../testing/fake-connection.ts';
import { FakeWorld } from '../../testing/fake-world.ts';
import { StatsFeed } from './stats-feed.ts';

const poll = <T>(probe: () => T) => expect.poll(probe, { timeout: 15_000 });

let world: FakeWorld;
let connection: ReturnType<typeof fakeConnection>;
let page: Document;
let asked: string[][];
let open: number;
let feed: StatsFeed;

beforeEach(async () => {
  world = new FakeWorld({ pace: 0 });
  connection = fakeConnection(world);
  await poll(() => connection.state).toBe('open');
  page = document.implementation.createHTMLDocument();
  Object.defineProperty(page, 'hidden', { configurable: true, value: false });
  asked = [];
  open = 0;
  feed = new StatsFeed(counting(connection.client), page);
});
afterEach(() => connection[Symbol.dispose]());

/** The same engine; it is written down who is asked for, and how many streams are open. */
function counting(engine: EngineClient): EngineClient {
  const stats: EngineClient['containers']['stats'] = async function* (input, options) {
    asked.push([...(input.containers ?? [])]);
    open += 1;
    options?.signal?.addEventListener('abort', () => (open -= 1), { once: true });
    yield* engine.containers.stats(input, options);
  };
  return { ...engine, containers: { ...engine.containers, stats } };
}

describe('StatsFeed', () => {
  it('asks for those that are watched, once for all of them, and for none when nobody watches', async () => {
    const web = world.container('web').id;
    const db = world.container('db').id;
    const changed = vi.fn();
    const stop = [feed.watch(web, changed), feed.watch(db, changed)];
    await poll(() => feed.samples(db).length).toBeGreaterThan(0);
    expect(asked).toEqual([[web, db]]);
    expect(changed).toHaveBeenCalled();
    for (const end of stop) end();
    await poll(() => open).toBe(0);
    expect(feed.samples(db).length).toBeGreaterThan(0);
  });

  it('has no processor load at first, and then one', async () => {
    const web = world.container('web').id;
    feed.watch(web, () => undefined);
    await poll(() => feed.samples(web).length).toBeGreaterThan(1);
    expect(feed.samples(web)[0]?.cpu).toBeNull();
    expect(feed.samples(web)[1]?.cpu).toBeTypeOf('number');
  });

  it('asks for nothing while the page is hidden', async () => {
    const web = world.container('web').id;
    feed.watch(web, () => undefined);
    await poll(() => open).toBe(1);
    Object.defineProperty(page, 'hidden', { configurable: true, value: true });
    page.dispatchEvent(new Event('visibilitychange'));
    expect(open).toBe(0);
    Object.defineProperty(page, 'hidden', { configurable: true, value: false });
    page.dispatchEvent(new Event('visibilitychange'));
    await poll(() => open).toBe(1);
  });
});
