import { expect, it } from 'vitest';
import { StepLogs } from './step-logs.ts';

it('keeps the last mebibyte of a step', () => {
  const logs = new StepLogs();
  const piece = (byte: number) => new Uint8Array(300_000).fill(byte);
  for (const byte of [1, 2, 3, 4, 5]) logs.add(0, piece(byte));
  logs.add(1, piece(9));
  expect(logs.of(0).pieces.map(([byte]) => byte)).toEqual([3, 4, 5]);
  expect(logs.of(0).cut).toBe(true);
  expect(logs.of(1)).toMatchObject({ cut: false });
  expect(logs.of(2).pieces).toEqual([]);
});
