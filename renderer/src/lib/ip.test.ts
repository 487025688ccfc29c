import { describe, expect, it } from 'vitest';
import { contains, formatCidr, includes, overlaps, parseCidr, parseIp } from './ip.ts';

const cidr = (text: string) => {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};
const ip = (text: string) => {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

describe('parseCidr', () => {
  it.each([
    ['172.30.5.6/16', '172.30.0.0/16'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['fd00:0:0:1::/64', 'fd00:0:0:1::/64'],
    ['FD00::ffff/120', 'fd00::ff00/120'],
    ['::/0', '::/0'],
  ])('%s is %s', (text, said) => expect(formatCidr(cidr(text))).toBe(said));

  it.each([
    '',
    '10.0.0.0',
    '10.0.0/8',
    '10.0.0.256/8',
    '10.0.0.0/33',
    '010.0.0.0/8',
    'fd00::/129',
    'fd00/64',
    '1::2::3/64',
    '10.0.0.0/8/8',
  ])('"%s" is none', (text) => expect(parseCidr(text)).toBeUndefined());
});

it('tells blocks that overlap, and what lies in them', () => {
  expect(overlaps(cidr('172.30.0.0/16'), cidr('172.30.128.0/24'))).toBe(true);
  expect(overlaps(cidr('172.30.0.0/16'), cidr('172.31.0.0/16'))).toBe(false);
  expect(overlaps(cidr('::/0'), cidr('10.0.0.0/8'))).toBe(false);
  expect(includes(cidr('10.0.0.0/8'), cidr('10.1.0.0/16'))).toBe(true);
  expect(includes(cidr('10.1.0.0/16'), cidr('10.0.0.0/8'))).toBe(false);
  expect(contains(cidr('10.1.0.0/16'), ip('10.1.255.255'))).toBe(true);
  expect(contains(cidr('10.1.0.0/16'), ip('10.2.0.0'))).toBe(false);
});
