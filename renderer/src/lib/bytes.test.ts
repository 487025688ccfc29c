import { describe, expect, it } from 'vitest';
import { formatBytes, formatExactBytes, formatMemory } from './bytes.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [14_100, '14.1 kB'],
    [48_300_000, '48.3 MB'],
    [999_600_000, '1.00 GB'],
    [1_120_000_000, '1.12 GB'],
  ])('%d is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('formatMemory', () => {
  it('counts in powers of 1024, as limits are given', () => {
    expect(formatMemory(256 * 1024 * 1024)).toBe('256 MiB');
    expect(formatMemory(1.5 * 1024 ** 3)).toBe('1.5 GiB');
  });
});

it('writes every digit where bytes are deleted', () => {
  expect(formatExactBytes(2_147_483_648)).toBe('2,147,483,648');
});
