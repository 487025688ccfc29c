import { describe, expect, it } from 'vitest';
import {
  addressNumber,
  firstAddress,
  formatAddress,
  formatSubnet,
  isInSubnet,
  overlaps,
  parseSubnet,
  subnetContains,
} from './index.ts';

describe('addresses', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['255.255.255.255', '255.255.255.255'],
    ['::', '::'],
    ['::1', '::1'],
    ['fd00::', 'fd00::'],
    ['FD00:0:0:1::2', 'fd00:0:0:1::2'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['1:0:3:4:5:6:7:8', '1:0:3:4:5:6:7:8'],
    ['::ffff:10.1.2.3', '::ffff:a01:203'],
  ])('%s is written %s', (text, written) => {
    expect(formatAddress(addressNumber(text), text.includes(':') ? 6 : 4)).toBe(written);
  });
});

describe('subnets', () => {
  it.each([
    ['10.1.2.3', '10.1.0.0/16', true],
    ['10.2.0.0', '10.1.0.0/16', false],
    ['10.1.2.3', '0.0.0.0/0', true],
    ['fd00:1::9', 'fd00:1::/64', true],
    ['fd00:1:0:1::', 'fd00:1::/64', false],
    ['10.1.2.3', 'fd00::/8', false],
  ])('%s in %s: %s', (address, subnet, expected) => expect(isInSubnet(address, subnet)).toBe(expected));

  it.each([
    ['10.1.0.0/16', '10.1.128.0/17', true, true],
    ['10.1.128.0/17', '10.1.0.0/16', true, false],
    ['10.1.0.0/16', '10.2.0.0/16', false, false],
    ['fd00::/8', 'fd12::/64', true, true],
    ['0.0.0.0/0', '::/0', false, false],
  ])('%s and %s overlap: %s; the first contains the second: %s', (one, other, overlap, contains) => {
    expect(overlaps(one, other)).toBe(overlap);
    expect(subnetContains(one, other)).toBe(contains);
  });

  it('tell bits behind their prefix, and what they are without them', () => {
    expect(parseSubnet('10.1.2.0/24').hasHostBits).toBe(false);
    expect(parseSubnet('10.1.2.3/24').hasHostBits).toBe(true);
    expect(formatSubnet(parseSubnet('10.1.2.3/24'))).toBe('10.1.2.0/24');
    expect(firstAddress('fd00:1::/64')).toBe('fd00:1::1');
  });
});
