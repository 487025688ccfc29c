import { describe, expect, it } from 'vitest';
import { isoFromUnixNs, unixNsFromIso } from './time.ts';

describe('times on the wire', () => {
  it.each([
    [0n, '1970-01-01T00:00:00.000000000Z'],
    [1_767_225_600_000_000_001n, '2026-01-01T00:00:00.000000001Z'],
    [1_767_225_600_999_999_999n, '2026-01-01T00:00:00.999999999Z'],
  ])('%i ns is %s, and back', (unixNs, iso) => {
    expect(isoFromUnixNs(unixNs)).toBe(iso);
    expect(unixNsFromIso(iso)).toBe(unixNs);
  });

  it('reads fewer digits, none, and other zones', () => {
    expect(unixNsFromIso('2026-01-01T00:00:00.5Z')).toBe(1_767_225_600_500_000_000n);
    expect(unixNsFromIso('2026-01-01T00:00:00Z')).toBe(1_767_225_600_000_000_000n);
    expect(unixNsFromIso('2026-01-01T01:00:00.25+01:00')).toBe(1_767_225_600_250_000_000n);
    expect(unixNsFromIso(null)).toBe(0n);
  });

  it('sorts as text as it does in time', () => {
    const times = [5n, 1_000_000_000n, 999_999_999n, 60_000_000_000n].map(isoFromUnixNs);
    expect([...times].sort()).toEqual([times[0], times[2], times[1], times[3]]);
  });
});
