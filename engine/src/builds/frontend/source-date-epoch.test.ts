import { describe, expect, it } from 'vitest';
import { sourceDateEpoch } from './source-date-epoch.ts';

const of = (text: string) => sourceDateEpoch(new Map([['SOURCE_DATE_EPOCH', text]]));

describe('SOURCE_DATE_EPOCH', () => {
  it('is a number of seconds, or not said', () => {
    expect(of('0')).toBe(0);
    expect(of('1700000000')).toBe(1_700_000_000);
    expect(of('')).toBeNull();
    expect(sourceDateEpoch(new Map())).toBeNull();
  });

  it.each(['now', '-1', '1.5', '1e9', ' 1', '0x10', '253402300800', '99999999999999999999'])(
    'is not "%s", which is refused',
    (text) => {
      const refusal = { code: 'invalid-argument', detail: { step: 'build-arg', path: 'SOURCE_DATE_EPOCH' } };
      expect(() => of(text)).toThrow(expect.objectContaining(refusal));
    },
  );
});
