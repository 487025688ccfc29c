import { expect, it } from 'vitest';
import type { PublishedPort } from '@longshore/engine/types';
import { shownPorts } from './shown-ports.ts';

const port = (hostPort: number, containerPort: number, part: Partial<PublishedPort> = {}): PublishedPort => ({
  hostPort,
  containerPort,
  protocol: 'tcp',
  hostAddress: '0.0.0.0',
  ...part,
});

it.each<[string, readonly PublishedPort[], readonly (readonly [string, string, string | null])[]]>([
  [
    'both families are one',
    [port(8080, 80), port(8080, 80, { hostAddress: '::' })],
    [['8080', '80', 'http://localhost:8080']],
  ],
  ['TLS is told by its port', [port(8443, 443)], [['8443', '443', 'https://localhost:8443']]],
  [
    'an address is kept',
    [port(5432, 5432, { hostAddress: '127.0.0.1' })],
    [['5432', '5432', 'http://127.0.0.1:5432']],
  ],
  ['IPv6 is in brackets', [port(80, 80, { hostAddress: '::1' })], [['80', '80', 'http://[::1]:80']]],
  ['UDP is for no browser', [port(53, 53, { protocol: 'udp' })], [['53', '53/udp', null]]],
  ['a range is one', [port(9001, 81), port(9000, 80), port(9002, 82)], [['9000-9002', '80-82', null]]],
  [
    'what only looks like one is not',
    [port(9000, 80), port(9001, 90)],
    [
      ['9000', '80', 'http://localhost:9000'],
      ['9001', '90', 'http://localhost:9001'],
    ],
  ],
])('%s', (_what, ports, shown) => {
  expect(shownPorts(ports).map((each) => [each.hostPorts, each.containerPorts, each.url])).toEqual(shown);
});
