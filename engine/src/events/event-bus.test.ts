import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/clock/manual-clock.ts';
import { EventBus, type NewEvent } from './event-bus.ts';

let clock: ManualClock;
let bus: EventBus;

beforeEach(() => {
  clock = new ManualClock();
  bus = new EventBus({ clock, replayCapacity: 3, watcherCapacity: 2 });
});

const image = (reference: string): NewEvent => ({
  type: 'image',
  action: 'pull',
  id: `sha256:${'a'.repeat(64)}`,
  reference,
});
const task: NewEvent = { type: 'task', action: 'update', id: 't' };
const container = (id: string, name: string): NewEvent => ({
  type: 'container',
  action: 'start',
  id,
  name,
  image: 'debian',
  attributes: {},
});

async function seqsUntilEnd(events: AsyncIterable<{ readonly seq: number }>): Promise<number[]> {
  const seqs: number[] = [];
  for await (const { seq } of events) seqs.push(seq);
  return seqs;
}

describe('watching events', () => {
  it('begins with the call, not with the first read', async () => {
    bus.publish(image('before'));
    const events = bus.watch({});
    bus.publish(image('after'));
    expect(await events.next()).toMatchObject({ value: { seq: 2, reference: 'after' } });
  });

  it('leaves tasks out unless they are asked for', async () => {
    const all = bus.watch({});
    const tasks = bus.watch({ types: ['task'] });
    bus.publish(task);
    bus.publish(image('x'));
    bus[Symbol.dispose]();
    expect(await seqsUntilEnd(all)).toEqual([2]);
    expect(await seqsUntilEnd(tasks)).toEqual([1]);
  });

  it.each([
    ['web', [1]],
    ['1234567890ab', [1]],
    ['debian:x', [2]],
    ['a'.repeat(12), [2]],
    [`sha256:${'a'.repeat(64)}`, [2]],
    ['we', []],
    ['1234', []],
  ])('of %s hears %j', async (subject, expected) => {
    const events = bus.watch({ subject });
    bus.publish(container(`1234567890ab${'0'.repeat(52)}`, 'web'));
    bus.publish(image('debian:x'));
    bus[Symbol.dispose]();
    expect(await seqsUntilEnd(events)).toEqual(expected);
  });

  it('replays what is remembered, after a number or from a time on', async () => {
    for (const name of ['1', '2', '3', '4']) {
      clock.advance(1000);
      bus.publish(image(name));
    }
    const roomy = { types: ['image'] as const };
    const watches = [
      bus.watch({ ...roomy, since: 3 }),
      bus.watch({ ...roomy, since: '2026-01-01T00:00:03.000Z' }),
      bus.watch({ ...roomy, since: '2026-01-01T00:00:04.000Z' }),
    ];
    bus[Symbol.dispose]();
    expect(await Promise.all(watches.map(seqsUntilEnd))).toEqual([[4], [3, 4], [4]]);
    expect(() => bus.watch({ since: 'once upon a time' })).toThrow('not a time');
  });

  it('ends at the time it was given', async () => {
    const events = bus.watch({ until: '2026-01-01T00:01:00.000Z' });
    bus.publish(image('in time'));
    clock.advance(61_000);
    expect(await seqsUntilEnd(events)).toEqual([1]);
    expect(await seqsUntilEnd(bus.watch({ since: 0, until: '2026-01-01T00:01:00.000Z' }))).toEqual([1]);
  });

  it('fails when its signal fires', async () => {
    const abort = new AbortController();
    const next = bus.watch({}, abort.signal).next();
    abort.abort();
    await expect(next).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('fails, after what it has, when events come faster than they are read', async () => {
    const events = bus.watch({});
    for (const name of ['1', '2', '3', '4']) bus.publish(image(name));
    expect(await events.next()).toMatchObject({ value: { seq: 1 } });
    expect(await events.next()).toMatchObject({ value: { seq: 2 } });
    await expect(events.next()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await events.next()).toMatchObject({ done: true });
  });

  it('stops when its reader leaves', async () => {
    const events = bus.watch({});
    bus.publish(image('x'));
    for await (const event of events) {
      expect(event.seq).toBe(1);
      break;
    }
    bus.publish(image('y'));
    expect(await events.next()).toMatchObject({ done: true });
  });
});
