import { expect, it } from 'vitest';
import { channelPair, contract, createClient, serve } from '@longshore/engine/contract';
import { fakeEngine } from '../../testing/fake-engine.ts';
import { FakeWorld } from '../../testing/fake-world.ts';
import type { LogLine } from './log-lines.ts';
import { LogReader } from './log-reader.ts';

function readerOfLongLog(): LogReader {
  const [caller, handler] = channelPair();
  serve(contract, fakeEngine(new FakeWorld({ pace: 0 })), handler);
  return new LogReader(createClient(contract, caller), 'redpanda');
}

const NEVER = new AbortController().signal;
const numbers = (lines: readonly LogLine[]) => lines.map(({ text }) => Number(text.split(' ')[1]));

async function all(batches: AsyncIterable<readonly LogLine[]>): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const batch of batches) lines.push(...batch);
  return lines;
}

it('pages a log back to its beginning and forth to its end, each line once, also where lines share a time', async () => {
  const reader = readerOfLongLog();
  const end = await all(reader.read({ tail: 6 }, NEVER));
  expect(numbers(end)).toEqual([39_995, 39_996, 39_997, 39_998, 39_999, 40_000]);
  const [first] = end;
  const before = await reader.older({ at: first?.at ?? '', count: 2 }, 5, NEVER);
  expect(numbers(before)).toEqual([39_990, 39_991, 39_992, 39_993, 39_994]);
  const after = await all(reader.newer({ at: before[0]?.at ?? '', count: 2 }, false, NEVER));
  expect(numbers(after).slice(0, 3)).toEqual([39_991, 39_992, 39_993]);
});

it('gives fewer lines than it was asked for at the beginning only', async () => {
  const reader = readerOfLongLog();
  const [first] = await all(reader.read({ tail: 39_990 }, NEVER));
  const before = await reader.older({ at: first?.at ?? '', count: 2 }, 5000, NEVER);
  expect(numbers(before)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});
